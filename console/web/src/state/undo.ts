/** How long a reply waits before it leaves: one's own preference, or as it is at first. */

import { preferences } from './preferences.svelte';

export const undoOfSend = (): number => preferences.kept?.undo_send.seconds ?? 5;
