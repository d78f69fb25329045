/** The arrow keys walk along what is marked `data-arrow`: a box, and what it offers below. */

import { isComposing } from '../desk/keys';

const STEP: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Whether the press was one of ours. */
export function walk(event: KeyboardEvent, within: HTMLElement): boolean {
  const step = STEP[event.key];
  if (step === undefined || isComposing(event) || hasModifier(event)) return false;
  const stops = [...within.querySelectorAll<HTMLElement>('[data-arrow]')];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[at + step];
  if (at < 0 || next === undefined) return false;
  event.preventDefault();
  next.focus();
  return true;
}

const hasModifier = (event: KeyboardEvent) =>
  event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
