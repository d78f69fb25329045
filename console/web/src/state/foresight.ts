/**
 * Talks that are probably opened next are brought before: the one that is pointed at, and those
 * beside the open one. So little at a time that nobody who opens a talk waits behind it.
 */

import { errands } from './bringing';
import { inbox } from './inbox.svelte';
import { place } from './place.svelte';
import { shelf } from './shelf.svelte';
import { cameAfterAll } from './talk.svelte';

const MOST_AT_ONCE = 2;
const POINTED_MS = 60;
/** From the open talk: whoever goes along the list goes down. */
const BESIDE = [1, 2, -1];

/** Bring a talk, unless it is here or on its way; where that fails, its opening asks again. */
export function foresee(id: string): Promise<unknown> {
  if (shelf().talks.get(id)?.isLoaded) return Promise.resolve();
  return errands.bring(id).then(
    (told) => cameAfterAll(id, told),
    () => null,
  );
}

let pointed: ReturnType<typeof setTimeout> | undefined;
let pointedAt: string | null = null;

/** Somebody points at a row, or at none; who only passes over it means nothing. */
export function pointAt(id: string | null): void {
  if (id === pointedAt) return;
  pointedAt = id;
  clearTimeout(pointed);
  if (id === null || errands.count >= MOST_AT_ONCE) return;
  pointed = setTimeout(() => void foresee(id), POINTED_MS);
}

/** The talks beside the open one, nearest first, one after the other, while it stays open. */
export async function foreseeBeside(open: string): Promise<void> {
  const ids = inbox.shownIds;
  const at = ids.indexOf(open);
  if (at < 0 || savesData()) return;
  for (const by of BESIDE) {
    const id = ids[at + by];
    if (place.talk !== open || errands.count >= MOST_AT_ONCE) return;
    if (id !== undefined) await foresee(id);
  }
}

/** The line is dear, and its owner has said so. */
const savesData = () =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
