/**
 * A form that opens in place of what it changes: it takes the keyboard, Escape leaves it, and what
 * opened it has the keyboard again, which would else be lost with the form.
 */

import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { isComposing } from '../desk/keys';

export function takesKeyboard(
  onLeave: () => void,
  opener: () => HTMLElement | undefined,
): Attachment<HTMLElement> {
  return (form) => {
    form.querySelector<HTMLElement>('input, select, textarea')?.focus();
    const leave = (event: KeyboardEvent) => {
      if (isComposing(event) || event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onLeave();
    };
    form.addEventListener('keydown', leave);
    return () => void giveBack(opener);
  };
}

async function giveBack(opener: () => HTMLElement | undefined): Promise<void> {
  await tick();
  if (document.activeElement === document.body) opener()?.focus();
}
