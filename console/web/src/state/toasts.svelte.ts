/** What has just happened, said once at the edge of the screen. */

export interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  /** The talk that it leads to. */
  talk: string | null;
  action: ToastAction | null;
}

/** What can still be done about it, for as long as it is shown. */
export interface ToastAction {
  label: string;
  run: () => void;
}

const LASTS_MS = 5000;
const LASTS_BAD_MS = 9000;
const LASTS_WITH_ACTION_MS = 15_000;
let lastId = 0;

export const toasts: Toast[] = $state([]);

/** more: the talk that it leads to, or what can still be done about it. */
export function toast(text: string, isBad = false, more: string | ToastAction | null = null): void {
  lastId += 1;
  const id = lastId;
  const talk = typeof more === 'string' ? more : null;
  const action = typeof more === 'string' ? null : more;
  toasts.push({ id, text, isBad, talk, action });
  if (toasts.length > 4) toasts.shift();
  const lasts = isBad || talk !== null ? LASTS_BAD_MS : LASTS_MS;
  setTimeout(() => dismiss(id), action === null ? lasts : LASTS_WITH_ACTION_MS);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
