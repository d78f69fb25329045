/** Taking back what has not left yet. */

import type { Message } from '../desk/rows';
import { secondsUntil } from '../desk/time';
import { explain } from '../state/moves';
import { drafts } from '../state/sending.svelte';
import { signed } from '../state/session.svelte';
import { shelve } from '../state/shelf.svelte';
import { toast } from '../state/toasts.svelte';
import { writing } from '../state/writing.svelte';
import { draftingCalls as calls } from './calls';
import { d } from './words';

/** Whole seconds in which a message may still be taken back by whoever is signed in. */
export function undoSeconds(message: Message, now: number): number {
  if (message.delivery !== 'pending' || message.undo_until === null) return 0;
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
    const words = items.flatMap((row) => row.text ?? []).join('\n');
    drafts().giveBack(message.conversation_id, 'reply', words);
    writing.reload += 1;
    toast(d('undo.done'));
  } catch (error) {
    explain(error);
  }
}
