/** The words of saved replies in the operator's language. */

import { settings, t } from '../state/settings.svelte';
import { signed } from '../state/session.svelte';
import { fillIn, type Params } from '../words/words';
import { en } from './words_en';
import { ja, type ReplyWord } from './words_ja';

export function r(word: ReplyWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

/** What a placeholder is called. */
export function titleOf(path: string): string {
  if (path === 'name' || path === 'operator' || path === 'account') return r(`hole.${path}`);
  const key = path.replace(/^field\./, '');
  return signed.house.fields.find((field) => field.key === key)?.title ?? path;
}

export function accountName(id: string | null): string {
  if (id === null) return t('app.all_accounts');
  return signed.house.accounts.find((one) => one.id === id)?.name ?? id;
}
