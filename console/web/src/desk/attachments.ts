/**
 * Files that an operator attaches. Each lies in the browser's own store before its first try, so
 * that a reload or a dead line loses nothing; the server knows it by its id, so that another try
 * never keeps it twice. A file belongs to what is being written in a talk until it is sent; then to
 * the message that takes it along.
 */

import { Refusal, Unreachable } from './api';
import type { LineMessage } from './parcel';
import { openRows } from './stored';

/** A file as the server has it. `message` is what sends it. */
export interface Upload {
  id: string;
  client_upload_id: string;
  conversation_id: string;
  kind: 'image' | 'video' | 'audio' | 'file';
  name: string;
  mime: string;
  size_bytes: number;
  width: number | null;
  height: number | null;
  /** Of a film or a sound. */
  duration_ms: number | null;
  created_at: string;
  expires_at: string | null;
  message: LineMessage;
}

export interface Attachment {
  id: string;
  conversation_id: string;
  operator_id: string;
  /** The outgoing message that takes it along; null while it is being written. */
  sending_id: string | null;
  name: string;
  type: string;
  size: number;
  order: number;
  blob: Blob;
  upload: Upload | null;
  /** Why the server, or LINE, does not take it. */
  refusal: string | null;
}

export interface Shelf {
  all(): Promise<Attachment[]>;
  put(item: Attachment): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface Carrier {
  /** Give it to the server; tells from 0 to 1 how much has gone. */
  send(item: Attachment, gone: (part: number) => void): Promise<Upload>;
  rename(uploadId: string, name: string): Promise<Upload>;
  withdraw(uploadId: string): Promise<unknown>;
  changed(): void;
  /** This browser does not keep it: a reload would lose it. */
  notKept(): void;
  pause(ms: number): Promise<void>;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** The server drops after a week what nobody has sent. */
const FRESH_MS = 6 * 24 * 3600 * 1000;

export class Attachments {
  #items = new Map<string, Attachment>();
  #gone = new Map<string, number>();
  #tries = new Map<string, number>();
  #running = new Map<string, Promise<Upload>>();
  /** One file after the other: two at once would only share the line. */
  #turn: Promise<unknown> = Promise.resolve();
  #opened: Promise<void> | null = null;

  constructor(
    private readonly shelf: Shelf,
    private readonly carrier: Carrier,
  ) {}

  /** Take up what an earlier page of this operator left behind. */
  open(operatorId: string): Promise<void> {
    this.#opened = this.#load(operatorId);
    return this.#opened;
  }

  /** What is attached to what is being written in a talk, in order. */
  of(conversationId: string): Attachment[] {
    const own = (one: Attachment) =>
      one.conversation_id === conversationId && one.sending_id === null;
    return this.#sorted().filter(own);
  }

  /** What a message on its way takes along, in order. */
  takenBy(sendingId: string): Attachment[] {
    return this.#sorted().filter((one) => one.sending_id === sendingId);
  }

  /** How much has gone, from 0 to 1; null: it has not begun, or waits for the line. */
  goneOf(id: string): number | null {
    return this.#gone.get(id) ?? null;
  }

  /** Whether it was tried in vain, and is tried again by itself. */
  isWaiting(id: string): boolean {
    return (this.#tries.get(id) ?? 0) > 0;
  }

  async add(item: Omit<Attachment, 'order' | 'sending_id' | 'upload'>): Promise<void> {
    const order = Math.max(-1, ...this.of(item.conversation_id).map((one) => one.order)) + 1;
    await this.#keep({ ...item, order, sending_id: null, upload: null });
    if (item.refusal === null) this.#begin(item.id);
  }

  async remove(id: string): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    await this.#forget(id);
    if (item.upload !== null) this.carrier.withdraw(item.upload.id).catch(() => null); // it ages away
  }

  async rename(id: string, name: string): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined || name.trim() === '' || name === item.name) return;
    await this.#keep({ ...item, name: name.trim() });
    if (item.upload === null) return; // it goes under the new name
    const upload = await this.carrier.rename(item.upload.id, name.trim());
    const now = this.#items.get(id);
    if (now !== undefined) await this.#keep({ ...now, name: upload.name, upload });
  }

  /** One place earlier (-1) or later (1). */
  async move(id: string, by: -1 | 1): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    const all = this.of(item.conversation_id);
    const other = all[all.indexOf(item) + by];
    if (other === undefined) return;
    await this.#keep({ ...item, order: other.order });
    await this.#keep({ ...other, order: item.order });
  }

  /** Try again what was refused. */
  async again(id: string): Promise<void> {
    const item = this.#items.get(id);
    if (item === undefined) return;
    await this.#keep({ ...item, refusal: null });
    this.#begin(id);
  }

  /** They go with a message. */
  async take(ids: readonly string[], sendingId: string): Promise<void> {
    // All of them are out of the box at once, however long this browser takes to write it down.
    await Promise.all(ids.map((id) => this.#change(id, { sending_id: sendingId })));
  }

  /** The message is written anew: they are attached again. */
  async giveBack(sendingId: string): Promise<void> {
    for (const { id } of this.takenBy(sendingId)) await this.#change(id, { sending_id: null });
  }

  /** The message has arrived, or was given up. */
  async release(sendingId: string): Promise<void> {
    for (const { id } of this.takenBy(sendingId)) await this.#forget(id);
  }

  /** What was taken along by messages that are no more; sendings: those that are. */
  async releaseOthers(sendings: ReadonlySet<string>): Promise<void> {
    await this.#opened;
    for (const { id, sending_id } of this.#sorted())
      if (sending_id !== null && !sendings.has(sending_id)) await this.#forget(id);
  }

  /** The server has lost them: they are given anew. */
  async giveAnew(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#change(id, { upload: null });
  }

  /** What sends these, once all are there. Raises Refusal for one that is not taken. */
  async ready(ids: readonly string[]): Promise<LineMessage[]> {
    await this.#opened;
    const messages = [];
    for (const id of ids) messages.push((await this.#ready(id)).message);
    return messages;
  }

  #ready(id: string): Promise<Upload> {
    const item = this.#items.get(id);
    if (item === undefined) return Promise.reject(new Refusal(410, 'upload_gone', ''));
    const isFresh = item.upload && Date.now() - Date.parse(item.upload.created_at) < FRESH_MS;
    if (item.upload && isFresh) return Promise.resolve(item.upload);
    const running = this.#running.get(id);
    if (running) return running;
    const work = this.#turn.then(() => this.#upload(id));
    this.#turn = work.catch(() => null);
    const whole = work.finally(() => this.#running.delete(id));
    this.#running.set(id, whole);
    return whole;
  }

  #begin(id: string): void {
    this.#ready(id).catch(() => null); // the row says why
  }

  async #upload(id: string): Promise<Upload> {
    for (;;) {
      const item = this.#items.get(id);
      if (item === undefined) throw new Refusal(410, 'upload_gone', '');
      try {
        return await this.#try(item);
      } catch (error) {
        await this.#failed(id, error);
      }
    }
  }

  async #try(item: Attachment): Promise<Upload> {
    this.#tell(item.id, 0);
    const upload = await this.carrier.send(item, (part) => this.#tell(item.id, part));
    this.#tries.delete(item.id);
    this.#gone.delete(item.id);
    const now = this.#items.get(item.id);
    if (now === undefined) {
      this.carrier.withdraw(upload.id).catch(() => null); // taken out meanwhile
      return upload;
    }
    await this.#keep({ ...now, upload, refusal: null });
    if (now.name !== item.name) await this.rename(item.id, now.name).catch(() => null);
    return this.#items.get(item.id)?.upload ?? upload;
  }

  async #failed(id: string, error: unknown): Promise<void> {
    this.#gone.delete(id);
    const isFinal =
      error instanceof Refusal && error.status !== 401 && error.status !== 429;
    if (isFinal || !(error instanceof Refusal || error instanceof Unreachable)) {
      this.#tries.delete(id);
      await this.#change(id, { refusal: error instanceof Error ? error.message : '' });
      throw error;
    }
    const tries = this.#tries.get(id) ?? 0;
    this.#tries.set(id, tries + 1);
    this.carrier.changed();
    await this.carrier.pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
  }

  async #load(operatorId: string): Promise<void> {
    const left = await this.shelf.all().catch(() => []);
    for (const item of left) if (item.operator_id === operatorId) this.#items.set(item.id, item);
    this.carrier.changed();
    for (const { id, upload, refusal } of this.#sorted())
      if (upload === null && refusal === null) this.#begin(id);
  }

  #sorted(): Attachment[] {
    return [...this.#items.values()].sort((a, b) => a.order - b.order);
  }

  #tell(id: string, part: number): void {
    this.#gone.set(id, part);
    this.carrier.changed();
  }

  async #change(id: string, change: Partial<Attachment>): Promise<void> {
    const item = this.#items.get(id);
    if (item !== undefined) await this.#keep({ ...item, ...change });
  }

  async #keep(item: Attachment): Promise<void> {
    this.#items.set(item.id, item);
    this.carrier.changed();
    await this.shelf.put(item).catch(() => this.carrier.notKept());
  }

  async #forget(id: string): Promise<void> {
    this.#items.delete(id);
    this.#gone.delete(id);
    this.#tries.delete(id);
    this.carrier.changed();
    await this.shelf.remove(id).catch(() => null);
  }
}

/** The shelf in IndexedDB, apart from the outbox: an older page of the console may hold that open. */
export const openShelf = (): Shelf => openRows<Attachment>('madoguchi-attachments', 'files', 'id');
