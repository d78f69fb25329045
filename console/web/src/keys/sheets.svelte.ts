/** What a key brought up over the page; one at a time. The dialog itself gives the keyboard back. */

export type SheetName = 'help' | 'palette';

export const sheets: { shown: SheetName | null } = $state({ shown: null });

export function bringUp(name: SheetName): void {
  sheets.shown = name;
}

export function putAway(): void {
  sheets.shown = null;
}
