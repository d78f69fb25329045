/** The words of the page. They are loaded with it, not before. */

import { settings } from '../state/settings.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type NoticeWord } from './words_ja';

export type { NoticeWord };

export function n(word: NoticeWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}
