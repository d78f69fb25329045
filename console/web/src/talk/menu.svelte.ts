/** The one menu of all messages: which message it is open for, and the button that it hangs on. */

import type { Message } from '../desk/rows';

interface OpenMenu {
  message: Message;
  anchor: HTMLElement;
  page: 'deeds' | 'details';
}

class MessageMenuState {
  open: OpenMenu | null = $state.raw(null);
}

export const menu = new MessageMenuState();

export function openMenu(
  message: Message,
  anchor: HTMLElement,
  page: OpenMenu['page'] = 'deeds',
): void {
  const isSame = menu.open?.anchor === anchor && menu.open.page === page;
  menu.open = isSame ? null : { message, anchor, page };
}

/** Close it. isBack: the keyboard goes back to where it was opened. */
export function closeMenu(isBack = false): void {
  const anchor = menu.open?.anchor;
  menu.open = null;
  if (isBack) anchor?.focus();
}
