/** Where the lists of the inbox are, as changes of the place. */

import type { View } from '../desk/rows';
import { NO_CONDITIONS } from '../desk/views';
import type { Place } from '../state/place.svelte';

/** A standard view from its beginning: no conditions but the account, the longest wait first. */
export function placeOfList(view: View, queue: string | null = null): Partial<Place> {
  const { account: _, tag, status, assignee, ...others } = NO_CONDITIONS;
  const lists = { tag: [...tag], status: [...status], assignee: [...assignee] };
  return { room: 'inbox', file: null, view, ...others, ...lists, queue, sort: 'wait', saved: null, mentions: false, q: '', talk: null };
}

/** The notes that call oneself. */
export function placeOfMentions(): Partial<Place> {
  return { ...placeOfList('waiting'), mentions: true };
}

/** The same view without its conditions. */
export function withoutConditions(): Partial<Place> {
  const { tag, status, assignee, ...others } = NO_CONDITIONS;
  return { ...others, tag: [...tag], status: [...status], assignee: [...assignee] };
}
