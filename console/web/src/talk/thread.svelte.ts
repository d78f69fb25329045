/** The talk that is on the screen, for whoever moves within it: buttons, keys, the viewer. */

import type { Message } from '../desk/rows';

/** What the drawn talk can do. */
export interface Thread {
  conversationId: string;
  list: HTMLElement;
  toNewest: () => void;
  /** False when there is nothing unseen to go to. */
  toUnseen: () => boolean;
  toLine: (seq: number) => void;
}

class Shown {
  thread: Thread | null = $state.raw(null);
  isFinding = $state(false);
  isPickingDate = $state(false);
  /** The picture that is looked at. */
  picture: Message | null = $state.raw(null);
}

export const shown = new Shown();
