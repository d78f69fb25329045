/** The words of forms in the operator's language. */

import { spoken } from '../../state/settings.svelte';
import { Book } from '../../words/book';
import type { Problem } from '../rows';
import type { FormWord } from './words_ja';

export type { FormWord };

const book = new Book<FormWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const h = spoken(book);

/** Why a text can only be shown as text. */
export const whyNoForm = (why: Problem | null) =>
  why === null ? h('view.odd') : h('view.line', { line: why.line, message: why.message });
