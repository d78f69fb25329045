/**
 * What an operator has sent, kept until the server has it. A message lies in the browser's own
 * store before the first try, so that a reload or a dead line loses nothing; the server knows it by
 * `client_msg_id`, so that another try never sends twice.
 */

import { Refusal, Unreachable, type Sending } from './api';
import type { Change, Drawer } from './drawer';
import { messagesOf, type LineMessage, type Parcel } from './parcel';
import type { Conversation, Message } from './rows';

export type OutState = 'sending' | 'failed' | 'held';

export interface Outgoing {
  client_msg_id: string;
  conversation_id: string;
  operator_id: string;
  /** The words as they were written. */
  text: string;
  /** What goes out, where that is more than the words. */
  parcel?: Parcel;
  seen_seq: number;
  force: boolean;
  at: string;
  state: OutState;
  /** Its writer takes it back as soon as the server has it. */
  isUnwanted?: boolean;
  tries: number;
  /** Why it failed or is held: the server's code, its words, and what it showed. */
  code: string | null;
  message: string | null;
  missed: Message[];
}

export interface Post {
  send(conversationId: string, sending: Sending): Promise<Message>;
  /** The server has told of a line: show it. */
  shown(message: Message): void;
  /** The server answered with the talk as it is. */
  told(conversation: Conversation): void;
  changed(): void;
  /** What sends these attachments, once the server has them all. */
  files(attachments: readonly string[]): Promise<LineMessage[]>;
  /** The server has lost these: they are to be given anew. */
  lost(attachments: readonly string[]): Promise<void>;
  /** The server has the message. What it took along is needed until it cannot be taken back. */
  left(item: Outgoing): void;
  /** Its writer does not want it any more. message: as the server has it; null: it was refused. */
  unwanted(item: Outgoing, message: Message | null): void;
  /** This browser does not keep it: a reload before it has left would lose it. */
  notKept(): void;
  /** Wait before another try. */
  pause(ms: number): Promise<void>;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Refusals that the writer may overrule. */
const ASKS = new Set(['stale', 'assigned_to_other']);

export class Outbox {
  #items = new Map<string, Outgoing>();
  #busy = new Set<string>();
  #operatorId = '';

  constructor(
    private readonly drawer: Drawer,
    private readonly post: Post,
  ) {
    drawer.follow((change) => this.#hear(change));
  }

  /** What is on its way, or needs the writer, in one talk; oldest first. */
  of(conversationId: string): Outgoing[] {
    return [...this.#items.values()].filter(
      (item) => item.conversation_id === conversationId && item.operator_id === this.#operatorId,
    );
  }

  /**
   * Take up what an earlier page of this operator left behind. What somebody else has left in the
   * same browser waits until they are back: nobody's words go out under another's name.
   * meet: what must be put in order before they leave.
   */
  async open(
    operatorId: string,
    meet: (left: readonly Outgoing[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    this.#operatorId = operatorId;
    const all = await this.drawer.all().catch(() => []);
    const left = all.filter((item) => item.operator_id === operatorId);
    for (const item of left.sort((a, b) => (a.at < b.at ? -1 : 1)))
      this.#items.set(item.client_msg_id, item);
    this.post.changed();
    await meet(left);
    for (const item of left) void this.#serve(item.conversation_id);
  }

  /** Keep a new message and send it. taking: what goes with it is being put beside it. */
  async add(item: Outgoing, taking: Promise<unknown> = Promise.resolve()): Promise<void> {
    await this.#keep(item);
    await taking;
    void this.#serve(item.conversation_id);
  }

  /** Try again; with `force`, over the refusal that held it. */
  async again(id: string, force: boolean): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    const anew = { force: item.force || force, isUnwanted: false, code: null };
    await this.#keep({ ...item, ...anew, state: 'sending' });
    void this.#serve(item.conversation_id);
  }

  /** Give it up; answers the text, so that it can be written anew. */
  async discard(id: string): Promise<string> {
    const text = this.#items.get(id)?.text ?? '';
    this.#forget(id);
    await this.drawer.giveUp(id).catch(() => null); // a reload shows it once more
    return text;
  }

  /**
   * Take it back before the server has answered. It may be there already, so it goes on as it is,
   * and is cancelled there: while it can be taken back it waits there, too.
   */
  async unwant(id: string): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    const keeping = this.#keep({ ...item, isUnwanted: true });
    await this.drawer.claim(id);
    await keeping;
  }

  /** The server has the message, as its answer or the feed tells: nothing is left to do. */
  async arrived(clientMsgId: string, message: Message): Promise<void> {
    const item = this.#items.get(clientMsgId);
    if (item === undefined) return; // the other was faster
    this.#forget(clientMsgId);
    await this.drawer.remove(clientMsgId).catch(() => null); // the server knows it: it never goes twice
    if (item.isUnwanted && !(await this.drawer.claim(clientMsgId))) return;
    this.post.left(item);
    if (item.isUnwanted) this.post.unwanted(item, message);
  }

  /** Another page of this browser has done something with one that is here, too. */
  #hear(change: Change): void {
    const id = 'put' in change ? change.put.client_msg_id : change.gaveUp;
    if (!this.#items.has(id)) return;
    if ('put' in change) {
      this.#items.set(id, change.put);
      this.post.changed();
      return void this.#serve(change.put.conversation_id); // that page may be closed before it arrives
    }
    this.#forget(id);
    void this.drawer.remove(id).catch(() => null); // it may just have been put anew from here
  }

  /** One talk's messages leave one after the other, in the order in which they were written. */
  async #serve(conversationId: string): Promise<void> {
    if (this.#busy.has(conversationId)) return;
    this.#busy.add(conversationId);
    try {
      for (let next = this.#next(conversationId); next; next = this.#next(conversationId))
        await this.#try(next);
    } finally {
      this.#busy.delete(conversationId);
    }
  }

  #next(conversationId: string): Outgoing | undefined {
    return this.of(conversationId).find((item) => item.state === 'sending');
  }

  async #try(item: Outgoing): Promise<void> {
    const { client_msg_id, force } = item;
    try {
      const words = await this.#words(item);
      const { seen_seq } = item;
      const sending = { client_msg_id, ...words, seen_seq, ...(force ? { force } : {}) };
      const message = await this.post.send(item.conversation_id, sending);
      this.post.shown(message);
      await this.arrived(client_msg_id, message);
    } catch (error) {
      const known = this.#items.get(client_msg_id);
      if (known !== undefined) await this.#fail(known, error); // else the feed has brought it
    }
  }

  async #words({ text, parcel }: Outgoing): Promise<Partial<Sending>> {
    if (parcel === undefined) return { text };
    const messages = messagesOf(parcel, await this.post.files(parcel.attachments));
    return parcel.quotedSeq === null ? { messages } : { messages, quoted_seq: parcel.quotedSeq };
  }

  async #fail(item: Outgoing, error: unknown): Promise<void> {
    if (error instanceof Unreachable) return this.#wait(item);
    if (!(error instanceof Refusal))
      return this.#keep({ ...item, state: 'failed', code: null, message: null, missed: [] });
    // Its time will come; who is too fast is told so meanwhile.
    if (error.status === 401) return this.#wait(item);
    if (error.status === 429 || error.code === 'csrf') return this.#wait(item, error.message);
    if (error.code === 'upload_gone' && error.status === 409)
      await this.post.lost(item.parcel?.attachments ?? []); // another try gives them anew
    if (error.details.conversation) this.post.told(error.details.conversation);
    if (item.isUnwanted) return this.#refused(item);
    // What the writer has missed stands in the talk now: written anew, the text has seen it.
    error.details.messages?.forEach((message) => this.post.shown(message));
    await this.#keep({
      ...item,
      state: ASKS.has(error.code) ? 'held' : 'failed',
      code: error.code,
      message: error.message,
      missed: error.details.messages ?? [],
    });
  }

  /** What nobody wants did not go out: the page that took it back gives it to its writer. */
  async #refused(item: Outgoing): Promise<void> {
    if (await this.drawer.claim(item.client_msg_id)) this.post.unwanted(item, null);
    else if (this.#items.has(item.client_msg_id)) await this.#wait(item);
  }

  async #wait(item: Outgoing, message: string | null = null): Promise<void> {
    await this.#keep({ ...item, tries: item.tries + 1, message });
    await this.post.pause(Math.min(FIRST_PAUSE_MS * 2 ** item.tries, LONGEST_PAUSE_MS));
  }

  #forget(id: string): void {
    this.#items.delete(id);
    this.post.changed();
  }

  async #keep(item: Outgoing): Promise<void> {
    this.#items.set(item.client_msg_id, item);
    this.post.changed();
    await this.drawer.put(item).catch(() => this.post.notKept());
  }
}
