/** The one menu of all lines: what it is open for, and the button that it hangs on. */

import type { Message, Note } from '../desk/rows';

/** What has a menu: a message, or a note. */
export type Of = { message: Message; note: null } | { message: null; note: Note };

type OpenMenu = Of & {
  anchor: HTMLElement;
  page: 'deeds' | 'details';
};

class MessageMenuState {
  open: OpenMenu | null = $state.raw(null);
}

export const menu = new MessageMenuState();

export function openMenu(
  message: Message,
  anchor: HTMLElement,
  page: OpenMenu['page'] = 'deeds',
): void {
  turn({ message, note: null, anchor, page });
}

export function openNoteMenu(note: Note, anchor: HTMLElement): void {
  turn({ message: null, note, anchor, page: 'deeds' });
}

function turn(open: OpenMenu): void {
  const isSame = menu.open?.anchor === open.anchor && menu.open.page === open.page;
  menu.open = isSame ? null : open;
}

/** Close it. isBack: the keyboard goes back to where it was opened. */
export function closeMenu(isBack = false): void {
  const anchor = menu.open?.anchor;
  menu.open = null;
  if (isBack) anchor?.focus({ preventScroll: true });
}
