/** What an entry of the journal tells somebody at once: a colleague goes on with their draft. */

import type { Entry } from '../desk/rows';
import { signed } from '../state/session.svelte';
import { t } from '../state/settings.svelte';
import { toast } from '../state/toasts.svelte';
import { d } from './words';

export function tellOfDrafting(entry: Entry): void {
  const { draft } = entry.payload;
  const isMine = draft?.operator_id === signed.me && entry.actor.id !== signed.me;
  if (entry.kind === 'draft.taken' && isMine)
    toast(d('draft.taken', { name: entry.actor.name ?? t('act.somebody') }));
}
