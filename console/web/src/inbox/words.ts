/** The words of the list: its filters, its orders, its saved views, and what is done to many. */

import { number, spoken } from '../state/settings.svelte';
import type { Params } from '../words/book';
import { bookAtFirst } from '../words/first';
import type { InboxWord } from './words_ja';

export type { InboxWord };

const book = bookAtFirst('inbox');
export const i = spoken(book);

/** A number of things: one is said otherwise in English. */
export function counted(word: InboxWord, count: number, params: Params = {}): string {
  const single = `${word}.one`;
  const key = count === 1 && book.has(single) ? single : word;
  return i(key, { count: number(count), ...params });
}
