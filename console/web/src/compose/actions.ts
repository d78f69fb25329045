/**
 * What the composer of the open talk can be asked to do, for keys and menus elsewhere. Each answers
 * whether there was a composer that could do it.
 */

import type { Tab } from '../desk/drafts';

export interface Hands {
  focus(tab: Tab): void;
  /** The rest is for replies; false where nothing can be sent. */
  attach(): boolean;
  emoji(): boolean;
  stickers(): boolean;
  quickReplies(): boolean;
  savedReplies(): boolean;
  send(): boolean;
}

let hands: Hands | null = null;

/** The composer is there; answers how it goes. */
export function lend(given: Hands): () => void {
  hands = given;
  return () => {
    if (hands === given) hands = null;
  };
}

const focus = (tab: Tab) => {
  hands?.focus(tab);
  return hands !== null;
};

/** Write to the customer. */
export const focusReply = () => focus('reply');
/** Write a note. */
export const focusNote = () => focus('note');
/** Choose pictures or files. Browsers open their chooser only right after a key or a click. */
export const attachFiles = () => hands?.attach() ?? false;
export const openEmoji = () => hands?.emoji() ?? false;
export const openStickers = () => hands?.stickers() ?? false;
export const openQuickReplies = () => hands?.quickReplies() ?? false;
export const openSavedReplies = () => hands?.savedReplies() ?? false;
export const sendNow = () => hands?.send() ?? false;
