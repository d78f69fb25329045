/**
 * While an input method composes, Enter takes a word and Escape drops it: neither sends a form nor
 * closes a dialog. Said once for every box there is: Safari ends the composition before it tells of
 * the key, and would then do with it what a form or a dialog does.
 */

import { isComposing } from '../desk/keys';

export function keepFromForms(event: KeyboardEvent): void {
  if (!isComposing(event)) return;
  if (event.key === 'Escape' || (event.key === 'Enter' && event.target instanceof HTMLInputElement))
    event.preventDefault();
}
