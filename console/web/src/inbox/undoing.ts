/**
 * The opposite of what was done to many talks, where there is one. A talk that the bot had, or that
 * was done, is not given back by itself: the bot would speak, or a customer would wait anew.
 */

import type { Conversation } from '../desk/rows';
import type { Deed, Outcome } from './rows';

export interface Undoing {
  deed: Deed;
  ids: string[];
}

/** before: the rows as they stood; done: what happened to them. */
export function undoOf(
  deed: Deed,
  before: readonly Conversation[],
  done: readonly Outcome[],
): Undoing[] {
  const ids = new Set(done.map(({ id }) => id));
  const rows = before.filter((row) => ids.has(row.id));
  switch (deed.action) {
    case 'resolve':
      return grouped(rows, () => ({ action: 'reopen' }));
    case 'snooze':
      return grouped(rows, () => ({ action: 'wake' }));
    case 'seen':
      return grouped(rows, () => ({ action: 'unseen' }));
    case 'unseen':
      return grouped(rows, () => ({ action: 'seen' }));
    case 'tag':
      return grouped(rows, () => ({ action: 'untag', tag: deed.tag }));
    case 'untag':
      return grouped(rows, () => ({ action: 'tag', tag: deed.tag }));
    case 'assign':
      return grouped(rows.filter(wasWithPeople), (row) => ({
        action: 'assign',
        operator_id: row.assignee_id,
        queue: row.queue,
      }));
    default:
      return [];
  }
}

const wasWithPeople = (row: Conversation): boolean =>
  row.status === 'waiting' || row.status === 'active' || row.status === 'pending';

/** As few deeds as will do. */
function grouped(rows: readonly Conversation[], deedOf: (row: Conversation) => Deed): Undoing[] {
  const found = new Map<string, Undoing>();
  for (const row of rows) {
    const deed = deedOf(row);
    const key = JSON.stringify(deed);
    const group = found.get(key) ?? { deed, ids: [] };
    group.ids.push(row.id);
    found.set(key, group);
  }
  return [...found.values()];
}
