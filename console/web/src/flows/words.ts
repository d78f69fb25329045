/** The managers' words in the operator's language. They are loaded with the place, not before. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type FlowWord } from './words_ja';

export type { FlowWord };

export function f(word: FlowWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** A word whose key is put together at run time; null when there is none. */
export function findFlowWord(key: string, params: Params = {}): string | null {
  return key in ja ? f(key as FlowWord, params) : null;
}
