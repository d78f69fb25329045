/** The words of the talk itself, in the operator's language. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type TalkWord } from './words_ja';

export type { TalkWord };
export type SayTalk = (word: TalkWord, params?: Params) => string;

export function w(word: TalkWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** A word whose key is put together at run time; null when there is none. */
export function findTalkWord(key: string): TalkWord | null {
  return key in ja ? (key as TalkWord) : null;
}
