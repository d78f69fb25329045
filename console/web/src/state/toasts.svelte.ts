/** What has just happened, said once at the edge of the screen. */

export interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  /** Where it leads to. */
  to: Spot | null;
  action: ToastAction | null;
}

/** A talk, and perhaps a line and a note there. */
export interface Spot {
  talk: string;
  line?: { seq: number; note: string } | null;
  /** Somebody is asked for there: once one has come, it is said no more. */
  isAsking?: boolean;
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

/** more: where it leads to, or what can still be done about it. */
export function toast(text: string, isBad = false, more: Spot | ToastAction | null = null): void {
  lastId += 1;
  const id = lastId;
  const to = more !== null && 'talk' in more ? more : null;
  const action = more !== null && 'run' in more ? more : null;
  toasts.push({ id, text, isBad, to, action });
  if (toasts.length > 4) toasts.shift();
  const lasts = isBad || to !== null ? LASTS_BAD_MS : LASTS_MS;
  setTimeout(() => dismiss(id), action === null ? lasts : LASTS_WITH_ACTION_MS);
}

/** In a talk nobody is asked for any more. */
export function answered(talk: string): void {
  const over = toasts.filter(({ to }) => to?.isAsking && to.talk === talk);
  over.forEach(({ id }) => dismiss(id));
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
