/** What one operator likes, kept in this browser. */

import { untrack } from 'svelte';
import { browserBox } from '../desk/box';
import type { SendKey } from '../desk/keys';
import { fetchWords, type Book } from '../words/book';
import { sayIn, type Language, type Params, type Word } from '../words/words';

export type Theme = 'system' | 'light' | 'dark';

interface Kept {
  theme: Theme;
  language: Language;
  sendKey: SendKey;
  isPhoneShown: boolean;
}

const KEY = 'settings';
const AT_FIRST: Kept = {
  theme: 'system',
  language: 'ja',
  sendKey: 'mod_enter',
  isPhoneShown: false,
};

export const settings: Kept = $state({ ...AT_FIRST, ...(browserBox.parsed(KEY) as Partial<Kept> | null) });

/** Change some and keep them. */
export function setting(change: Partial<Kept>): void {
  Object.assign(settings, change);
  browserBox.write(KEY, JSON.stringify(settings));
}

/** The words come first, so that nothing is shown without them. */
export async function readIn(language: Language): Promise<void> {
  await fetchWords(language);
  setting({ language });
}

/** The files of a part, and what it says. Every part that is not loaded at first comes this way. */
export async function bring<Part>(load: () => Promise<Part>): Promise<Part> {
  const part = await load();
  let language: Language;
  do await fetchWords((language = settings.language));
  while (language !== settings.language); // another was chosen meanwhile
  return part;
}

/** Do something anew when another language is chosen; answers how to stop. */
export function onLanguage(work: () => void): () => void {
  let before = settings.language;
  return $effect.root(() => {
    $effect(() => {
      if (settings.language === before) return;
      before = settings.language;
      untrack(work);
    });
  });
}

const say = $derived(sayIn(settings.language));

/** The console's words, in the operator's language. */
export function t(word: Word, params?: Params): string {
  return say(word, params);
}

/** The words of a book, in the operator's language. */
export function spoken<W extends string>(book: Book<W>): (word: W, params?: Params) => string {
  return (word, params) => book.say(settings.language, word, params);
}

/** A number as the operator's language groups its digits. */
export function number(value: number): string {
  return numbers(settings.language).format(value);
}

const numberFormats = new Map<string, Intl.NumberFormat>(); // dear to make, and wanted all the time

function numbers(language: string): Intl.NumberFormat {
  const format = numberFormats.get(language) ?? new Intl.NumberFormat(language);
  numberFormats.set(language, format);
  return format;
}
