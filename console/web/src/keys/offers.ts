/**
 * What the screen offers now. A button that does what a key does says so with `{@attach does(id)}`:
 * the key presses that very button, so that it can do no more than the screen offers.
 */

import type { Attachment } from 'svelte/attachments';
import { keymap } from './keymap.svelte';

type Pressed = HTMLElement & { disabled?: boolean };
const offers = new Map<string, Set<Pressed>>();

/** This element does what the action says; it tells its key to who does not see the help. */
export function does(id: string): Attachment<HTMLElement> {
  return (element) => {
    const same = offers.get(id) ?? new Set();
    offers.set(id, same.add(element));
    tellKeys(element, id);
    return () => same.delete(element);
  };
}

/** Whether the screen offers it, and it may be pressed. */
export const offered = (id: string) => (): boolean => find(id) !== undefined;

/** Press what offers it; answers whether there was such a thing. */
export function press(id: string): boolean {
  const found = find(id);
  if (found instanceof HTMLInputElement) found.focus();
  else found?.click();
  return found !== undefined;
}

/** Of several, the one that came last: what was done last is undone first. */
function find(id: string): Pressed | undefined {
  return [...(offers.get(id) ?? [])].findLast((one) => one.disabled !== true && isShown(one));
}

/** What is in a closed menu is offered as long as the menu itself is. */
const isShown = (element: HTMLElement) =>
  (element.closest('[data-kept][hidden]')?.parentElement ?? element).checkVisibility({
    visibilityProperty: true,
  });

function tellKeys(element: HTMLElement, id: string): void {
  // A space stands between keys of which each does it: two keys in a row cannot be told so.
  const keys = keymap.keysOf(id).filter((key) => !key.includes(' '));
  if (keys.length === 0) element.removeAttribute('aria-keyshortcuts');
  else element.setAttribute('aria-keyshortcuts', keys.join(' ').replaceAll('Mod+', 'Control+'));
}
