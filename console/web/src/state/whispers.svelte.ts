/** What supervisors whisper to the one at this screen, until they have read it. */

import type { Entry } from '../desk/rows';
import { signed } from './session.svelte';

export interface Whisper {
  key: string;
  from: string;
  text: string;
  customer: string;
  talk: string | null;
  at: string;
}

const MOST = 5;

export const whispers: Whisper[] = $state([]);

/** An entry may be for us; the newest stands first. */
export function hearWhisper(entry: Entry): void {
  followNote(entry);
  const told = entry.payload.whisper;
  if (told === undefined || told.to !== signed.me || told.text === '') return;
  whispers.unshift({
    key: `${entry.account}:${entry.id}`,
    from: told.from,
    text: told.text,
    customer: told.customer_name,
    talk: entry.conversation_id ?? null,
    at: entry.at,
  });
  if (whispers.length > MOST) whispers.pop();
}

/** A whisper is a note, told in the same moment: it changes with it, and goes with it. */
function followNote({ kind, payload: { note } }: Entry): void {
  if (note === undefined || kind === 'note.added') return;
  const whisper = whispers.find((one) => one.talk === note.conversation_id && one.at === note.at);
  if (whisper === undefined) return;
  if (note.deleted_at) dismissWhisper(whisper.key);
  else whisper.text = note.text;
}

export function dismissWhisper(key: string): void {
  const index = whispers.findIndex((one) => one.key === key);
  if (index >= 0) whispers.splice(index, 1);
}
