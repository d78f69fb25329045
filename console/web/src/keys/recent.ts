/** The talks that were looked at last in this tab: their ids alone, newest first. */

import { tabBox } from '../desk/box';
import { shelf } from '../state/shelf.svelte';
import type { Conversation } from '../desk/rows';

const KEY = 'recent-talks';
const MOST = 12;

export function visited(id: string): void {
  const ids = [id, ...read().filter((one) => one !== id)].slice(0, MOST);
  tabBox.write(KEY, JSON.stringify(ids));
}

/** Those of them that this browser holds. */
export function recentTalks(): Conversation[] {
  return read().flatMap((id) => shelf().conversations.get(id) ?? []);
}

const read = () => tabBox.listed(KEY, (id) => typeof id === 'string');
