/** The words of what is written before it goes out, in the operator's language. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type DraftingWord } from './words_ja';

export type { DraftingWord };

export function d(word: DraftingWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}
