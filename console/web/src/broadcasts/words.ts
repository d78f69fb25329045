/** The words of broadcasts. They are loaded with the room, not before. */

import { spoken } from '../state/settings.svelte';
import { Book } from '../words/book';
import type { CastWord } from './words_ja';

export type { CastWord };

const book = new Book<CastWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const b = spoken(book);

/** The word of a key that is put together at run time. */
export const findCastWord = (key: string): CastWord | null => (book.has(key) ? key : null);
