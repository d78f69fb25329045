/** The staff's own mark on the open talk, by a key: seen, or unseen again. */

import { markUnseen } from '../inbox/actions';
import { explain } from '../state/moves';
import { place } from '../state/place.svelte';
import { shelf } from '../state/shelf.svelte';
import { seeNow } from '../state/talk.svelte';
import { toast } from '../state/toasts.svelte';
import { k } from './words';

export function turnUnseen(): void {
  const id = place.talk;
  if (id === null) return;
  if (shelf().conversations.get(id)?.unseen_count === 0) void markUnseen(id);
  else seeNow(id).then(() => toast(k('done.seen')), explain);
}
