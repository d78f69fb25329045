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
  return (word, params = {}) => fillIn(words[word], params);
}

/** A sentence with its values. */
export function fillIn(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** A word whose key is put together at run time, when the dictionary has it. */
export function findWord(key: string): Word | null {
  return key in ja ? (key as Word) : null;
}
