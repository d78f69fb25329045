/** The outbox and the drafts of whoever is signed in. */

import { Drafts } from '../desk/drafts';
import { newId } from '../desk/ids';
import { openDrawer, Outbox, type Outgoing } from '../desk/outbox';
import { newestSeq } from '../desk/talk';
import { typed } from '../drafting/drafting.svelte';
import { undoOfSend } from './undo';
import { api, signed } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';
import { writing } from './writing.svelte';

let changes = $state(0);

export const outbox = new Outbox(openDrawer(), {
  send: (conversationId, sending) =>
    api.send(conversationId, { ...sending, undo_s: undoOfSend() }),
  // The line itself comes by the feed with its place in the stream; this only shows it sooner.
  shown: (message) => shelve((rows) => rows.putMessage(message, 0)),
  told: (conversation) => shelve((rows) => rows.putConversation(conversation)),
  changed: () => (changes += 1),
  pause: untilLikely,
});

/** What is on its way in a talk, or needs its writer. */
export function outgoing(conversationId: string): Outgoing[] {
  void changes;
  return outbox.of(conversationId);
}

export const drafts = (): Drafts => new Drafts(localStorage, signed.me, typed);

export async function sendReply(conversationId: string, text: string): Promise<void> {
  await outbox.add({
    client_msg_id: newId(),
    conversation_id: conversationId,
    operator_id: signed.me,
    text,
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

/** Put a text that did not go out back into the box that it came from. */
export function rewrite(conversationId: string, text: string): void {
  drafts().giveBack(conversationId, 'reply', text);
  writing.reload += 1;
}

/** Wait, but not longer than the line is away. */
function untilLikely(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
