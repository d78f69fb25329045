/** Where the keyboard is: in a field, in something that lies over the page, or free. */

import { tick } from 'svelte';

const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const NOT_TYPED = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range']);
/** They have keys of their own; a letter pressed in them is not meant for the page. */
const OVER_THE_PAGE =
  'dialog, [role="dialog"], [role="menu"], [role="listbox"], [role="combobox"], .menu .panel, [data-own-keys]';

/** Whether what is typed there becomes text or a choice. */
export function isField(element: Element): boolean {
  const field = element.closest(FIELDS);
  return field !== null && !(field instanceof HTMLInputElement && NOT_TYPED.has(field.type));
}

/** Whether a dialog is open, or the keyboard is in a menu. */
export function isTaken(target: Element | undefined): boolean {
  if (document.querySelector('dialog:modal') !== null) return true;
  return target instanceof Element && target.closest(OVER_THE_PAGE) !== null;
}

const TRIES = 40;
const PAUSE_MS = 50;

/** Focus what comes after going somewhere, as soon as it is there; the best of what is named. */
export async function seeFocus(...selectors: string[]): Promise<void> {
  const before = document.activeElement;
  await tick();
  for (let n = 0; n < TRIES; n += 1) {
    // Who went on meanwhile is not called back.
    const here = document.activeElement;
    if (here !== before && here !== document.body && before?.isConnected) return;
    const found = firstShown(n < TRIES / 4 ? selectors.slice(0, 1) : selectors);
    if (found !== undefined) return takeFocus(found);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The best of what is named that can be seen. */
export function firstShown(selectors: readonly string[]): HTMLElement | undefined {
  return selectors
    .flatMap((selector) => [...document.querySelectorAll<HTMLElement>(selector)])
    .find((element) => element.checkVisibility());
}

/** Also to a heading or a pane, which Tab passes over. */
export function takeFocus(element: HTMLElement): void {
  if (!element.matches('a, button, input, textarea, select, [tabindex]')) element.tabIndex = -1;
  element.focus();
}
