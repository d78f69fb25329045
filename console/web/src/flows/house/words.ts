/** The words of forms in the operator's language. */

import { settings } from '../../state/settings.svelte';
import { fillIn, type Params } from '../../words/words';
import type { Problem } from '../rows';
import { en } from './words_en';
import { ja, type FormWord } from './words_ja';

export type { FormWord };

export function h(word: FormWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** Why a text can only be shown as text. */
export const whyNoForm = (why: Problem | null) =>
  why === null ? h('view.odd') : h('view.line', { line: why.line, message: why.message });
