/** Going to a broadcast, to the list, or to a new one. */

import { addressOf, go, place } from '../state/place.svelte';
import { NEW } from './kept';

/** Each new one is begun afresh; one that was saved meanwhile stays where it is being written. */
export const fresh = $state({ count: 0, born: null as string | null });

export const placeOf = (file: string | null) => ({ room: 'broadcasts', file, talk: null }) as const;

export function beginNew(): void {
  fresh.count += 1;
  fresh.born = null;
  go(placeOf(NEW));
}

/** The new one is on the server now: its address is its own, and nothing is drawn anew. */
export function isBorn(id: string): void {
  fresh.born = id;
  history.replaceState(null, '', addressOf({ ...place, ...placeOf(id) }));
  place.file = id;
}

/** What the editor on the screen is known by. */
export function keyOf(file: string): string {
  const isNew = file === NEW || file === fresh.born;
  return isNew ? `${NEW}-${fresh.count}` : file;
}
