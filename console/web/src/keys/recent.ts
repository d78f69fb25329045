/** The talks that were looked at last in this tab: their ids alone, newest first. */

import { shelf } from '../state/shelf.svelte';
import type { Conversation } from '../desk/rows';

const KEY = 'recent-talks';
const MOST = 12;

export function visited(id: string): void {
  const ids = [id, ...read().filter((one) => one !== id)].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify(ids));
}

/** Those of them that this browser holds. */
export function recentTalks(): Conversation[] {
  return read().flatMap((id) => shelf().conversations.get(id) ?? []);
}

function read(): string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return []; // somebody else wrote there
  }
}
