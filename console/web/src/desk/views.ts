/** Which talks a list shows, and in which order: the server's rule, so that lists stay live. */

import type { Conversation, View } from './rows';

export const VIEWS: readonly View[] = [
  'waiting',
  'mine',
  'unassigned',
  'pending',
  'snoozed',
  'bot',
  'done',
  'all',
];

export interface Filter {
  view: View;
  account: string | null;
  queue: string | null;
  tag: string | null;
}

const HELD_BY_NOBODY = new Set(['waiting', 'active', 'pending', 'snoozed']);

export function belongs(row: Conversation, filter: Filter, me: string): boolean {
  if (row.of_operator !== undefined) return false; // one of us, who is told of things there
  if (filter.account !== null && row.account !== filter.account) return false;
  if (filter.queue !== null && row.queue !== filter.queue) return false;
  if (filter.tag !== null && !row.tags.includes(filter.tag)) return false;
  return isInView(row, filter.view, me);
}

function isInView(row: Conversation, view: View, me: string): boolean {
  switch (view) {
    case 'all':
      return true;
    case 'mine':
      return row.assignee_id === me && row.status !== 'done';
    case 'unassigned':
      return row.assignee_id === null && HELD_BY_NOBODY.has(row.status);
    default:
      return row.status === view;
  }
}

/** Longest wait first; then those without a wait, newest first. */
export function byWait(a: Conversation, b: Conversation): number {
  return (
    compare(a.waiting_since ?? NEVER, b.waiting_since ?? NEVER) ||
    compare(b.updated_at, a.updated_at) ||
    compare(a.id, b.id)
  );
}

const NEVER = '9999'; // after every wait

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
