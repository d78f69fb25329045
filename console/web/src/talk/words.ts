/** The words of the talk itself, in the operator's language. */

import { spoken } from '../state/settings.svelte';
import type { Params } from '../words/book';
import { bookAtFirst } from '../words/first';
import type { TalkWord } from './words_ja';

export type { TalkWord };
export type SayTalk = (word: TalkWord, params?: Params) => string;

const book = bookAtFirst('talk');
export const w = spoken(book);

/** A word whose key is put together at run time; null when there is none. */
export function findTalkWord(key: string): TalkWord | null {
  return book.has(key) ? key : null;
}
