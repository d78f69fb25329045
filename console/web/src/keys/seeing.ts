/** The staff's own mark on the open talk, by a key: seen, or unseen again. */

import { explain } from '../state/moves';
import { place } from '../state/place.svelte';
import { turnSeen } from '../state/talk.svelte';
import { toast } from '../state/toasts.svelte';
import { k } from './words';

export function turnUnseen(): void {
  if (place.talk === null) return;
  turnSeen(place.talk).then((now) => {
    if (now !== null) toast(k(`done.${now}`));
  }, explain);
}
