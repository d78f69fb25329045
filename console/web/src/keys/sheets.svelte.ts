/** What a key brought up over the page; one at a time. The dialog itself gives the keyboard back. */

export type SheetName = 'help' | 'palette' | 'replies' | 'out';

export const sheets: { shown: SheetName | null } = $state({ shown: null });

/** What was typed before the sheet was there: it is meant for its box. */
let early = '';
/** Whether the sheet has been seen over the page. A dialog tells that it closed a moment later. */
let hasCome = false;

export function bringUp(name: SheetName): void {
  early = '';
  hasCome = false;
  sheets.shown = name;
}

/** By its name: another may have been brought up before it told that it closed. */
export function putAway(name: SheetName): void {
  if (sheets.shown === name) sheets.shown = null;
}

/** Whether a sheet is on its way; a letter is kept for it. */
export function keepForSheet(key: string): boolean {
  if (sheets.shown === null) return false;
  const isThere = document.querySelector('dialog:modal') !== null;
  if (hasCome && !isThere) sheets.shown = null;
  hasCome ||= isThere;
  if (hasCome) return false;
  if (key.length === 1) early += key;
  return true;
}

export function typedEarly(): string {
  const typed = early;
  early = '';
  return typed;
}
