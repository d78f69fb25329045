/** The words of the list: its filters, its orders, its saved views, and what is done to many. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type InboxWord } from './words_ja';

export type { InboxWord };

export function i(word: InboxWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** A number of things: one is said otherwise in English. */
export function counted(word: InboxWord, count: number, params: Params = {}): string {
  const single = `${word}.one`;
  const key = count === 1 && single in ja ? (single as InboxWord) : word;
  return i(key, { count: count.toLocaleString(settings.language), ...params });
}
