/** The words of the counter's own places. They are loaded with them, not before. */

import { spoken } from '../state/settings.svelte';
import { Book } from '../words/book';
import type { CounterWord } from './words_ja';

export type { CounterWord };

const book = new Book<CounterWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const c = spoken(book);
