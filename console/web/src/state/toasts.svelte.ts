/** What has just happened, said once at the edge of the screen. */

import type { Place } from './place.svelte';

export interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  /** Where it leads. */
  link: Link | null;
}

export interface Link {
  words: string;
  to: Partial<Place>;
}

const LASTS_MS = 5000;
const LASTS_BAD_MS = 9000;
let lastId = 0;

export const toasts: Toast[] = $state([]);

export function toast(text: string, isBad = false, link: Link | null = null): void {
  lastId += 1;
  const id = lastId;
  toasts.push({ id, text, isBad, link });
  if (toasts.length > 4) toasts.shift();
  setTimeout(() => dismiss(id), isBad || link !== null ? LASTS_BAD_MS : LASTS_MS);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
