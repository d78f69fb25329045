/** A notice in words. */

import type { Entry } from '../desk/rows';
import { spoken } from '../state/settings.svelte';
import { bookAtFirst } from '../words/first';
import type { NoticeRow } from './rows';
import type { Occasion } from './rules';

export const w = spoken(bookAtFirst('told'));

/** What a toast says of an entry. */
export function told(entry: Entry, occasion: Occasion): string {
  const { notice, conversation, handoff } = entry.payload;
  if (occasion === 'notice') return notice?.text ?? w('occasion.notice');
  return w(`told.${occasion}`, {
    name: conversation?.customer_name || '—',
    queue: handoff?.queue ?? conversation?.queue ?? '—',
    by: entry.actor.name ?? '—',
  });
}

/** What the list says of a line. */
export function listed(row: NoticeRow): string {
  if (row.occasion === 'notice') return row.text ?? w('occasion.notice');
  const { customer_name: name, queue, by } = row;
  return w(`told.${row.occasion}`, { name: name || '—', queue: queue ?? '—', by: by ?? '—' });
}
