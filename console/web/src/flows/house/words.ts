/** The words of forms in the operator's language. */

import { settings } from '../../state/settings.svelte';
import { fillIn, type Params } from '../../words/words';
import { en } from './words_en';
import { ja, type FormWord } from './words_ja';

export type { FormWord };

export function h(word: FormWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}
