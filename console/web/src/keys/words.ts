/** The words about keys: what every action is called, and the page where they are changed. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type KeyWord } from './words_ja';

export type { KeyWord };

export function k(word: KeyWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** What an action is called; in the other language for who looks for it by that. */
export const actionName = (id: string): string => k(`action.${id}` as KeyWord);

export const allNames = (id: string): string[] =>
  [ja, en].map((words) => words[`action.${id}` as KeyWord] ?? id);
