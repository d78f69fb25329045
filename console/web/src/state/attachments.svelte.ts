/** The attachments of whoever is signed in. */

import { give, renameUpload, withdrawUpload } from '../compose/giving';
import { c } from '../compose/words';
import { Attachments, openShelf, type Attachment } from '../desk/attachments';
import { untilLikely } from './patience';
import { toast } from './toasts.svelte';

let changes = $state(0);

export const attachments = new Attachments(openShelf(), {
  send: give,
  rename: renameUpload,
  withdraw: withdrawUpload,
  changed: () => (changes += 1),
  notKept: () => toast(c('attach.not_kept'), true),
  pause: untilLikely,
});

/** What is attached to what is being written in a talk. */
export function attachedTo(conversationId: string): Attachment[] {
  void changes;
  return attachments.of(conversationId);
}

/** What a message on its way takes along. */
export function takenBy(sendingId: string): Attachment[] {
  void changes;
  return attachments.takenBy(sendingId);
}

export type Going = { state: 'ready' | 'waiting' | 'refused' } | { state: 'going'; part: number };

/** How far one has come. */
export function goingOf(item: Attachment): Going {
  void changes;
  if (item.refusal !== null) return { state: 'refused' };
  if (item.upload !== null) return { state: 'ready' };
  const part = attachments.goneOf(item.id);
  return part === null ? { state: 'waiting' } : { state: 'going', part };
}
