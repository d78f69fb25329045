/** What supervisors whisper to the one at this screen, until they have read it. */

import type { Entry } from '../desk/rows';
import { signed } from './session.svelte';

export interface Whisper {
  key: string;
  from: string;
  text: string;
  customer: string;
  talk: string | null;
}

const MOST = 5;

export const whispers: Whisper[] = $state([]);

/** An entry may be for us; the newest stands first. */
export function hearWhisper(entry: Entry): void {
  const told = entry.payload.whisper;
  if (told === undefined || told.to !== signed.me) return;
  whispers.unshift({
    key: `${entry.account}:${entry.id}`,
    from: told.from,
    text: told.text,
    customer: told.customer_name,
    talk: entry.conversation_id ?? null,
  });
  if (whispers.length > MOST) whispers.pop();
}

export function dismissWhisper(key: string): void {
  const index = whispers.findIndex((one) => one.key === key);
  if (index >= 0) whispers.splice(index, 1);
}
