/** The outbox and the drafts of whoever is signed in. */

import { Drafts } from '../desk/drafts';
import { newId } from '../desk/ids';
import { openDrawer, Outbox, type Outgoing } from '../desk/outbox';
import type { LineMessage, Parcel } from '../desk/parcel';
import type { Message } from '../desk/rows';
import { newestSeq } from '../desk/talk';
import { attachments } from './attachments.svelte';
import { api, signed } from './session.svelte';
import { untilLikely } from './patience';
import { quickReplies } from '../compose/quick.svelte';
import { shelf, shelve } from './shelf.svelte';
import { writing } from './writing.svelte';

let changes = $state(0);

export const outbox = new Outbox(openDrawer(), {
  send: (conversationId, sending) => api.send(conversationId, sending),
  // The line itself comes by the feed with its place in the stream; this only shows it sooner.
  shown: (message) => shelve((rows) => rows.putMessage(message, 0)),
  told: (conversation) => shelve((rows) => rows.putConversation(conversation)),
  changed: () => (changes += 1),
  files: (ids) => attachments.ready(ids),
  lost: (ids) => attachments.giveAnew(ids),
  left: (id) => void attachments.release(id),
  pause: untilLikely,
});

/** What is on its way in a talk, or needs its writer. */
export function outgoing(conversationId: string): Outgoing[] {
  void changes;
  return outbox.of(conversationId);
}

export const drafts = (): Drafts => new Drafts(localStorage, signed.me);

/** Send words, and with `parcel` all that goes with them. */
export async function sendReply(
  conversationId: string,
  text: string,
  parcel?: Parcel,
): Promise<void> {
  const client_msg_id = newId();
  if (parcel) await attachments.take(parcel.attachments, client_msg_id);
  await outbox.add({
    client_msg_id,
    conversation_id: conversationId,
    operator_id: signed.me,
    text,
    ...(parcel === undefined ? {} : { parcel }),
    seen_seq: newestSeq(shelf().talks.get(conversationId)),
    force: false,
    at: new Date().toISOString(),
    state: 'sending',
    tries: 0,
    code: null,
    message: null,
    missed: [],
  });
}

/** Put what did not go out back into the box that it came from, with all that went with it. */
export async function takeBack(one: Outgoing): Promise<void> {
  await attachments.giveBack(one.client_msg_id);
  if (one.parcel) quickReplies.giveBack(one.conversation_id, one.parcel.quick);
  const text = await outbox.discard(one.client_msg_id);
  rewrite(one.conversation_id, text);
}

/** Put words that LINE refused back into the box. */
export function rewrite(conversationId: string, text: string): void {
  drafts().giveBack(conversationId, 'reply', text);
  writing.reload += 1;
}

/** Send again what LINE refused, as it was: a picture, a file, or words with all beside them. */
export function sendAgain(message: Message): Promise<void> {
  const again = [message.content as LineMessage];
  const parcel = { texts: [], attachments: [], quick: [], quotedSeq: null, again };
  return sendReply(message.conversation_id, message.text ?? '', parcel);
}

/** Give it up for good. */
export async function throwAway(one: Outgoing): Promise<void> {
  await outbox.discard(one.client_msg_id);
  await attachments.release(one.client_msg_id);
}

