/** The managers' words in the operator's language. They are loaded with the place, not before. */

import { spoken } from '../state/settings.svelte';
import { Book, type Params } from '../words/book';
import type { FlowWord } from './words_ja';

export type { FlowWord };

const book = new Book<FlowWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const f = spoken(book);

/** A word whose key is put together at run time; null when there is none. */
export function findFlowWord(key: string, params: Params = {}): string | null {
  return book.has(key) ? f(key, params) : null;
}
