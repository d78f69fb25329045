/** The staff's own mark on the row of the keyboard, or the open talk: seen, or unseen again. */

import { tick } from 'svelte';
import { currentRow, markUnseen } from '../inbox/actions';
import { list } from '../inbox/ui.svelte';
import { explain } from '../state/moves';
import { shelf } from '../state/shelf.svelte';
import { seeNow } from '../state/talk.svelte';
import { toast } from '../state/toasts.svelte';
import { k } from './words';

export function turnUnseen(): void {
  const id = currentRow();
  if (id === null) return;
  if (shelf().conversations.get(id)?.unseen_count === 0) void leaveUnseen(id);
  else seeNow(id).then(() => toast(k('done.seen')), explain);
}

/** The talk is left, and the keyboard with it: it goes on at its row. */
async function leaveUnseen(id: string): Promise<void> {
  await markUnseen(id);
  await tick();
  if (document.activeElement === document.body) list()?.focusRow(id);
}
