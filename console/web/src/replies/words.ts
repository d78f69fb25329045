/** The words of saved replies in the operator's language. */

import { spoken, t } from '../state/settings.svelte';
import { signed } from '../state/session.svelte';
import { bookAtFirst } from '../words/first';

export const r = spoken(bookAtFirst('replies'));

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
