/** The words of the places for people. They are loaded with them, not before. */

import { spoken } from '../state/settings.svelte';
import { Book, type Params } from '../words/book';
import type { PeopleWord } from './words_ja';

export type { PeopleWord };

const book = new Book<PeopleWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const p = spoken(book);

/** A word whose key is put together at run time; null when there is none. */
export function findPeopleWord(key: string, params: Params = {}): string | null {
  return book.has(key) ? p(key, params) : null;
}
