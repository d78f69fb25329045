/** Put text into the box that is being written in, so that the browser's own undo takes it back. */

import type { Asked } from './choosing';
import type { Filled } from './rows';

/** The first hole is chosen, so that the next keys fill it. */
export function insertFilled(box: HTMLTextAreaElement, asked: Asked, filled: Filled): void {
  insertText(box, asked, filled.text);
  const first = filled.missing[0];
  if (first) box.setSelectionRange(asked.from + first.start, asked.from + first.end);
}

export function insertText(
  box: HTMLTextAreaElement,
  at: { from: number; to: number },
  text: string,
): void {
  box.focus();
  box.setSelectionRange(at.from, at.to);
  // Obsolete by name, and still the only way in which Ctrl+Z takes an insertion back.
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, at.from, at.to, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
