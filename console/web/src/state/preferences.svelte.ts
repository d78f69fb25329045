/** What one prefers, kept by the server, so that it is the same on every machine. */

import type { SendKey } from '../desk/keys';
import type { Chosen } from '../keys/keymap.svelte';
import { Refusal } from '../desk/api';
import type { Notices } from '../notices/rules';
import { api } from './session.svelte';
import { setting, settings, t, type Theme } from './settings.svelte';
import { toast } from './toasts.svelte';

/** Each name's whole value. */
export interface Preferences {
  desk: { theme: Theme; send_key: SendKey };
  watch: { silent: boolean };
  keymap: Chosen;
  undo_send: { seconds: 0 | 5 | 10 };
  notices: Notices;
}

/** What the server has of the person who is signed in; null before it was asked. */
export const preferences: { kept: Preferences | null } = $state({ kept: null });

/** Ask for all of them, and show this browser's own settings as they are kept. */
export async function loadPreferences(): Promise<void> {
  const kept = await api.call<Preferences>('GET', '/me/preferences');
  preferences.kept = kept;
  setting({ theme: kept.desk.theme, sendKey: kept.desk.send_key });
}

/** Change a preference at once, here and on the server; what is refused is as before again. */
export async function prefer<N extends keyof Preferences>(
  name: N,
  value: Preferences[N],
): Promise<void> {
  const before = preferences.kept;
  if (before !== null) preferences.kept = { ...before, [name]: value };
  try {
    await api.call('PUT', `/me/preferences/${name}`, { value });
  } catch (error) {
    preferences.kept = before;
    toast(error instanceof Refusal && error.message ? error.message : t('refused.unreachable'));
  }
}

/** How the desk looks and sends: at once here, and from now on everywhere. */
export function preferDesk(change: { theme?: Theme; sendKey?: SendKey }): void {
  setting(change);
  void prefer('desk', { theme: settings.theme, send_key: settings.sendKey });
}
