/** 見守り: a supervisor looks without a trace for the staff. Kept on the server, for each person. */

import { prefer, preferences } from './preferences.svelte';
import { signed } from './session.svelte';

/** Whether the one at this screen looks silently: no presence, nothing marked as seen. */
export const looksSilently = (): boolean =>
  signed.mayWatch && preferences.kept?.watch.silent === true;

export const lookSilently = (silent: boolean): Promise<void> => prefer('watch', { silent });
