/** What an entry of the journal tells somebody at once: they are called, their draft was taken. */

import type { Entry } from '../desk/rows';
import { signed } from '../state/session.svelte';
import { t } from '../state/settings.svelte';
import { toast } from '../state/toasts.svelte';
import { d } from './words';

const SHOWN = 60;

export function tellOfDrafting(entry: Entry): void {
  const { note, draft, conversation } = entry.payload;
  const name = entry.actor.name ?? t('act.somebody');
  if (entry.kind === 'draft.taken' && draft?.operator_id === signed.me && !isMine(entry))
    toast(d('draft.taken', { name }));
  if (entry.kind !== 'note.added' || note === undefined || isMine(entry)) return;
  if (!note.mentions.includes(signed.me)) return;
  const text = note.text.length > SHOWN ? `${note.text.slice(0, SHOWN)}…` : note.text;
  const to = { talk: note.conversation_id, seq: conversation?.last_seq ?? 1, note: note.id };
  toast(d('mention.toast', { name, text }), false, { words: d('mention.go'), to });
}

const isMine = (entry: Entry) => entry.actor.id === signed.me;
