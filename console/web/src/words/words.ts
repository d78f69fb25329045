/** One dictionary per language; words that stand for values are written {so}. */

import { en } from './en';
import { ja, type Word } from './ja';

export type { Word };
export type Language = 'ja' | 'en';
export type Params = Record<string, string | number>;
export type Say = (word: Word, params?: Params) => string;

const DICTIONARIES: Record<Language, Record<Word, string>> = { ja, en };

export function sayIn(language: Language): Say {
  const words = DICTIONARIES[language];
  return (word, params = {}) =>
    words[word].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** A word whose key is put together at run time, when the dictionary has it. */
export function findWord(key: string): Word | null {
  return key in ja ? (key as Word) : null;
}
