/** What has just happened, said once at the edge of the screen. */

export interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  /** The talk that it leads to. */
  talk: string | null;
}

const LASTS_MS = 5000;
const LASTS_BAD_MS = 9000;
let lastId = 0;

export const toasts: Toast[] = $state([]);

export function toast(text: string, isBad = false, talk: string | null = null): void {
  lastId += 1;
  const id = lastId;
  toasts.push({ id, text, isBad, talk });
  if (toasts.length > 4) toasts.shift();
  setTimeout(() => dismiss(id), isBad || talk !== null ? LASTS_BAD_MS : LASTS_MS);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
