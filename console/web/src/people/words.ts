/** The words of the places for people. They are loaded with them, not before. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type PeopleWord } from './words_ja';

export type { PeopleWord };

export function p(word: PeopleWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** A word whose key is put together at run time; null when there is none. */
export function findPeopleWord(key: string, params: Params = {}): string | null {
  return key in ja ? p(key as PeopleWord, params) : null;
}
