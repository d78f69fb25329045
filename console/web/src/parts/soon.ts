/**
 * What is not on the screen at first. It is brought while the browser has nothing to do, so that
 * it is there at once when it is wanted, also when the line is dead by then.
 */

import { Part } from './part.svelte';

export const flexCard = new Part(() => import('./FlexCard.svelte'));
export const messageMenu = new Part(() => import('../talk/MessageMenu.svelte'));
export const replyMenu = new Part(() => import('../replies/ReplyMenu.svelte'));
export const manageReplies = new Part(() => import('../replies/ManageSheet.svelte'));
export const searchResults = new Part(() => import('./SearchResults.svelte'));
export const mentionList = new Part(() => import('../inbox/MentionList.svelte'));
export const bulkBar = new Part(() => import('../inbox/BulkBar.svelte'));
export const mePanel = new Part(() => import('./MePanel.svelte'));
export const bellPanel = new Part(() => import('../notices/BellPanel.svelte'));
export const laterList = new Part(() => import('../drafting/LaterList.svelte'));
export const attachedRow = new Part(() => import('../compose/AttachedRow.svelte'));
export const stickerPanel = new Part(() => import('../compose/StickerPanel.svelte'));
export const quickForm = new Part(() => import('../compose/QuickForm.svelte'));

/** What is wanted soonest comes first. */
export const SOON = [
  messageMenu,
  replyMenu,
  searchResults,
  mentionList,
  bulkBar,
  laterList,
  attachedRow,
  mePanel,
  bellPanel,
  stickerPanel,
  quickForm,
  manageReplies,
];
