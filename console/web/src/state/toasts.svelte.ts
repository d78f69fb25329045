/** What has just happened, said once at the edge of the screen. */

export interface Toast {
  id: number;
  text: string;
  isBad: boolean;
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

export function toast(text: string, isBad = false, action: ToastAction | null = null): void {
  lastId += 1;
  const id = lastId;
  toasts.push({ id, text, isBad, action });
  if (toasts.length > 4) toasts.shift();
  const lasts = isBad ? LASTS_BAD_MS : LASTS_MS;
  setTimeout(() => dismiss(id), action === null ? lasts : LASTS_WITH_ACTION_MS);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
