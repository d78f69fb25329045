/** The words of the page. They are loaded with it, not before. */

import { spoken } from '../state/settings.svelte';
import { Book } from '../words/book';
import type { NoticeWord } from './words_ja';

export type { NoticeWord };

const book = new Book<NoticeWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const n = spoken(book);
