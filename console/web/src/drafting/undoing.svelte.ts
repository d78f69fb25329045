/** Taking back what has not left yet. */

import type { Message } from '../desk/rows';
import { secondsUntil } from '../desk/time';
import { explain } from '../state/moves';
import { recalled, rewrite } from '../state/sending.svelte';
import { signed } from '../state/session.svelte';
import { shelve } from '../state/shelf.svelte';
import { toast } from '../state/toasts.svelte';
import { draftingCalls as calls } from './calls';
import { d } from './words';

/** Whole seconds in which a message may still be taken back by whoever is signed in. */
export function undoSeconds(message: Message, now: number): number {
  if (message.delivery !== 'pending' || message.undo_until === null) return 0;
  if (message.client_msg_id === null) return 0; // taken back with the first line of its sending
  const isMine = message.operator_id === signed.me;
  return isMine || signed.mayReadFlows ? secondsUntil(message.undo_until, now) : 0;
}

export const isUndone = (message: Message): boolean =>
  message.delivery === 'cancelled' && message.delivery_reason === 'undone';

/** It does not leave; its words come back into the box of whoever wrote it. */
export async function takeBack(message: Message): Promise<void> {
  try {
    const { items } = await calls.cancel(message.id);
    shelve((rows) => items.forEach((row) => rows.putMessage(row, 0)));
    if (message.operator_id !== signed.me) return;
    const isSticker = items.every((row) => row.kind === 'sticker'); // it was in no box
    const isBack = await recalled(message.client_msg_id ?? '');
    if (isSticker) return toast(d('undo.done_sticker'));
    if (isBack) return toast(d('undo.done'));
    const words = items.flatMap((row) => (row.kind === 'text' ? (row.text ?? []) : [])).join('\n');
    if (words !== '') rewrite(message.conversation_id, words);
    const isWords = items.every((row) => row.kind === 'text');
    toast(d(isWords ? 'undo.done' : 'undo.done_plain'));
  } catch (error) {
    explain(error);
  }
}
