/** The console's own book of words; words that stand for values are written {so}. */

import { fillIn, type Language, type Params } from './book';
import { bookAtFirst } from './first';
import type { Word } from './ja';

export { fillIn };
export type { Language, Params, Word };
export type Say = (word: Word, params?: Params) => string;

export const consoleWords = bookAtFirst('console');

export function sayIn(language: Language): Say {
  return (word, params) => consoleWords.say(language, word, params);
}

/** A word whose key is put together at run time, when the dictionary has it. */
export function findWord(key: string): Word | null {
  return consoleWords.has(key) ? key : null;
}
