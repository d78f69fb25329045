/** The words of the composer in the operator's language. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type ComposeWord } from './words_ja';

export function c(word: ComposeWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}
