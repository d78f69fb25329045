/** The words of the counter's own places. They are loaded with them, not before. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type CounterWord } from './words_ja';

export type { CounterWord };

export function c(word: CounterWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}
