/** The outbox and the drafts of whoever is signed in. */

import { browserBox } from '../desk/box';
import { Drafts } from '../desk/drafts';
import { openDrawer } from '../desk/drawer';
import { newId } from '../desk/ids';
import { Outbox, type Outgoing } from '../desk/outbox';
import type { LineMessage, Parcel } from '../desk/parcel';
import type { Message } from '../desk/rows';
import { newestSeq } from '../desk/talk';
import { typed } from '../drafting/drafting.svelte';
import { takeBack as cancel } from '../drafting/undoing.svelte';
import { catchUp } from './ahead';
import { undoOfSend } from './undo';
import { attachments } from './attachments.svelte';
import { c } from '../compose/words';
import { Recall } from './recall';
import { api, signed } from './session.svelte';
import { untilLikely } from './patience';
import { quickReplies } from '../compose/quick.svelte';
import { shelf, shelve } from './shelf.svelte';
import { quote } from '../talk/quoting.svelte';
import { toast } from './toasts.svelte';
import { writing } from './writing.svelte';

let changes = $state(0);

export const outbox = new Outbox(openDrawer(), {
  send: (conversationId, sending) =>
    api.send(conversationId, { ...sending, undo_s: undoOfSend() }),
  // The line itself comes by the feed with its place in the stream; this only shows it sooner.
  shown: (message) => shelve((rows) => rows.putMessage(message, 0)),
  told: (conversation) => shelve((rows) => rows.putConversation(conversation)),
  changed: () => (changes += 1),
  files: (ids) => attachments.ready(ids),
  lost: (ids) => attachments.giveAnew(ids),
  left: (item) => recall.keep(item, undoOfSend()),
  unwanted: (item, message) => {
    if (message !== null) void cancel(message);
    else void (item.parcel?.sticker ? throwAway(item) : takeBack(item));
  },
  notKept: () => toast(c('send.not_kept'), true),
  pause: untilLikely,
});

/** What has left and may still be taken back. */
const recall = new Recall((id) => void attachments.release(id), browserBox);

/** Take up what an earlier page left: messages on their way, with what they take along. */
export async function takeUp(): Promise<void> {
  await attachments.open(signed.me);
  await outbox.open(signed.me, async (left) => {
    for (const { client_msg_id, parcel } of left)
      await attachments.take(parcel?.attachments ?? [], client_msg_id);
    const going = left.map((one) => one.client_msg_id);
    await attachments.releaseOthers(new Set([...going, ...recall.open(signed.me)]));
  });
}

/** What is on its way in a talk, or needs its writer. */
export function outgoing(conversationId: string): Outgoing[] {
  void changes;
  return outbox.of(conversationId);
}

export const drafts = (): Drafts => new Drafts(browserBox, signed.me, typed);

/** Send words, and with `parcel` all that goes with them. seen: the newest line that was shown. */
export async function sendReply(
  conversationId: string,
  text: string,
  parcel?: Parcel,
  seen = newestSeq(shelf().talks.get(conversationId)),
): Promise<void> {
  const client_msg_id = newId();
  const taking = attachments.take(parcel?.attachments ?? [], client_msg_id);
  const item: Outgoing = {
    client_msg_id,
    conversation_id: conversationId,
    operator_id: signed.me,
    text,
    ...(parcel === undefined ? {} : { parcel }),
    seen_seq: seen,
    force: false,
    at: new Date().toISOString(),
    state: 'sending',
    tries: 0,
    code: null,
    message: null,
    missed: [],
  };
  await outbox.add(item, taking);
}

/** Put what did not go out back into the box that it came from, with all that went with it. */
export async function takeBack(one: Outgoing): Promise<void> {
  rewrite(one.conversation_id, one.text); // first: what is in no box is nowhere
  await outbox.discard(one.client_msg_id);
  await putBack(one);
}

/** The same for what had left and did not go out; false: this page does not know what it was. */
export async function recalled(clientMsgId: string): Promise<boolean> {
  const one = recall.take(clientMsgId);
  if (one === null) return false;
  rewrite(one.conversation_id, one.text);
  await putBack(one);
  return true;
}

/** What went with the words: files, ways to answer, what they quote. */
async function putBack({ client_msg_id, conversation_id, parcel }: Outgoing): Promise<void> {
  if (parcel === undefined) return;
  if (parcel.quick.length > 0) quickReplies.giveBack(conversation_id, parcel.quick);
  const quoted = shelf().talks.get(conversation_id)?.messages.get(parcel.quotedSeq ?? 0);
  if (quoted) quote(quoted.row);
  await attachments.giveBack(client_msg_id);
}

/** Put words that LINE refused back into the box. */
export function rewrite(conversationId: string, text: string): void {
  catchUp();
  if (text !== '') drafts().giveBack(conversationId, 'reply', text);
  writing.talk = conversationId;
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

