/** What a key brought up over the page; one at a time. The dialog itself gives the keyboard back. */

export type SheetName = 'help' | 'palette' | 'replies' | 'out';

export const sheets: { shown: SheetName | null } = $state({ shown: null });

/** What was typed before the sheet was there: it is meant for its box. */
let early = '';

export function bringUp(name: SheetName): void {
  early = '';
  sheets.shown = name;
}

export function putAway(): void {
  sheets.shown = null;
}

/** Whether a sheet is on its way; a letter is kept for it. */
export function keepForSheet(key: string): boolean {
  if (sheets.shown === null || document.querySelector('dialog:modal') !== null) return false;
  if (key.length === 1) early += key;
  return true;
}

export function typedEarly(): string {
  const typed = early;
  early = '';
  return typed;
}
