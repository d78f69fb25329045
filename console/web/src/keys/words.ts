/** The words about keys: what every action is called, and the page where they are changed. */

import { spoken } from '../state/settings.svelte';
import { Book, type Language } from '../words/book';
import type { KeyWord } from './words_ja';

export type { KeyWord };

const book = new Book<KeyWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const k = spoken(book);

/** What an action is called; in the other language for who looks for it by that. */
export const actionName = (id: string): string => k(`action.${id}` as KeyWord);

const LANGUAGES: Language[] = ['ja', 'en'];

export const allNames = (id: string): string[] =>
  LANGUAGES.filter((one) => book.speaks(one)).map((one) => book.say(one, `action.${id}` as KeyWord));

/** A part that finds actions by their names in both languages. */
export async function withAllNames<Part>(part: Promise<Part>): Promise<Part> {
  await Promise.all(LANGUAGES.map((one) => book.fetch(one)));
  return part;
}
