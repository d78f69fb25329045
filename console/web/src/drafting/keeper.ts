/**
 * One's drafts, kept by the server beside this browser. A text is here at once and there 800 ms
 * after the last key; without a line it stays here and goes when there is one again.
 *
 * Which text counts: the newest that was written. Each page tells which version it had seen; what
 * another page had written meanwhile is laid aside by the server and offered here, so that neither
 * is lost. A text that stands in a box is never replaced by what comes over the network: what the
 * server has is taken up only when a talk is opened, and only where nothing was written here since.
 */

import { Refusal } from '../desk/api';
import type { Box } from '../desk/box';
import type { Drafts, Tab } from '../desk/drafts';
import type { DraftsOfTalk, OwnDraft } from './rows';

export const PAUSE_MS = 800;
export const AGAIN_MS = 5000;
const TABS: readonly Tab[] = ['reply', 'note'];

/** What a page knows of its text: the version that it grew from, and whether the server has it. */
interface Mark {
  base: number;
  isDirty: boolean;
}

export type KeptState = 'none' | 'waiting' | 'kept' | 'only_here';

export interface KeeperWire {
  drafts(talk: string): Promise<DraftsOfTalk>;
  save(
    talk: string,
    draft: { kind: Tab; text: string; device: string; base: number },
  ): Promise<OwnDraft>;
}

export interface KeeperHost {
  /** Where texts lie in this browser; its own writes come back to nobody. */
  texts(): Drafts;
  box: Box;
  operatorId(): string;
  /** What is typed, and only in its box as yet, lies in this browser now. */
  catchUp(): void;
  /** The server's text stands here now: a box that shows it reads it anew. */
  adopted(talk: string, tab: Tab): void;
  /** Something that is shown has changed. */
  changed(): void;
  later(work: () => void, ms: number): ReturnType<typeof setTimeout>;
}

export class Keeper {
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #saving = new Map<string, Promise<void>>();
  #known = new Map<string, OwnDraft>();
  #failing = new Set<string>();
  /** What this page has seen; another page of the same browser may have seen more. */
  #marks = new Map<string, Mark>();

  constructor(
    private readonly wire: KeeperWire,
    private readonly host: KeeperHost,
    readonly device: string,
  ) {}

  /** What the server has of a text. */
  known(talk: string, tab: Tab): OwnDraft | null {
    return this.#known.get(key(talk, tab)) ?? null;
  }

  state(talk: string, tab: Tab): KeptState {
    if (this.host.texts().read(talk, tab) === '') return 'none';
    if (this.#failing.has(key(talk, tab))) return 'only_here';
    return this.#mark(talk, tab).isDirty ? 'waiting' : 'kept';
  }

  /** The writer has changed a text, and it lies in this browser already. */
  typed(talk: string, tab: Tab): void {
    this.#setMark(talk, tab, { ...this.#mark(talk, tab), isDirty: true });
    this.#after(talk, tab, PAUSE_MS);
    this.host.changed();
  }

  /** A talk is opened: what is only here goes there, what is newer there comes here. */
  async opened(talk: string): Promise<DraftsOfTalk | null> {
    let told: DraftsOfTalk;
    try {
      told = await this.wire.drafts(talk);
    } catch {
      return null; // the next opening asks again; what is only here stays marked
    }
    this.met(talk, told);
    return told;
  }

  /** The same, where the server has told of its drafts together with the talk. */
  met(talk: string, told: DraftsOfTalk): void {
    for (const tab of TABS) this.#meet(talk, tab, told[tab]);
    this.host.changed();
  }

  /** The server has told of a draft by another way than saving: settled, shared. */
  told(row: OwnDraft): void {
    this.#known.set(key(row.conversation_id, row.kind), row);
    this.#meet(row.conversation_id, row.kind, row);
    this.host.changed();
  }

  /** Send what waits, now. */
  async flush(talk: string, tab: Tab): Promise<void> {
    this.host.catchUp();
    await this.#saving.get(key(talk, tab));
    if (this.#mark(talk, tab).isDirty) await this.#save(talk, tab);
  }

  /** Everything that still waits, when the page is left. */
  flushAll(): void {
    for (const name of [...this.#timers.keys()]) {
      const [talk, tab] = name.split('/') as [string, Tab];
      void this.flush(talk, tab);
    }
  }

  #meet(talk: string, tab: Tab, row: OwnDraft | null): void {
    this.host.catchUp();
    if (row !== null) this.#known.set(key(talk, tab), row);
    const mark = this.#mark(talk, tab);
    if (mark.isDirty) return void this.#after(talk, tab, 0);
    if (row === null || row.version <= mark.base) return;
    this.#setMark(talk, tab, { base: row.version, isDirty: false });
    const texts = this.host.texts();
    if (texts.read(talk, tab) === row.text) return;
    texts.write(talk, tab, row.text);
    this.host.adopted(talk, tab);
  }

  #after(talk: string, tab: Tab, ms: number): void {
    const name = key(talk, tab);
    clearTimeout(this.#timers.get(name));
    this.#timers.set(
      name,
      this.host.later(() => void this.#save(talk, tab), ms),
    );
  }

  /** One save of a text at a time: what was typed meanwhile goes with the next. */
  #save(talk: string, tab: Tab): Promise<void> {
    const name = key(talk, tab);
    const running = this.#saving.get(name);
    if (running !== undefined) return running.then(() => this.flush(talk, tab));
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
    const saving = this.#put(talk, tab).finally(() => this.#saving.delete(name));
    this.#saving.set(name, saving);
    return saving;
  }

  async #put(talk: string, tab: Tab): Promise<void> {
    const text = this.host.texts().read(talk, tab);
    const { base } = this.#mark(talk, tab);
    try {
      const row = await this.wire.save(talk, { kind: tab, text, device: this.device, base });
      this.#failing.delete(key(talk, tab));
      this.#known.set(key(talk, tab), row);
      const isDirty = this.host.texts().read(talk, tab) !== text;
      this.#setMark(talk, tab, { base: row.version, isDirty });
      if (isDirty) this.#after(talk, tab, PAUSE_MS);
    } catch (error) {
      this.#failing.add(key(talk, tab));
      const isRefused = error instanceof Refusal && error.status !== 401 && error.status !== 429;
      if (!isRefused) this.#after(talk, tab, AGAIN_MS); // what is refused stays here alone
    }
    this.host.changed();
  }

  #mark(talk: string, tab: Tab): Mark {
    const own = this.#marks.get(this.#name(talk, tab));
    if (own !== undefined) return own;
    const kept = this.host.box.parsed(this.#name(talk, tab)) as Mark | null;
    if (kept !== null) return kept;
    // A text of before there were marks: the server has none of it.
    return { base: 0, isDirty: this.host.texts().read(talk, tab) !== '' };
  }

  #setMark(talk: string, tab: Tab, mark: Mark): void {
    const [name, words] = [this.#name(talk, tab), JSON.stringify(mark)];
    this.#marks.set(name, mark);
    if (this.host.box.read(name) !== words) this.host.box.write(name, words);
  }

  #name(talk: string, tab: Tab): string {
    return `draft-mark/${this.host.operatorId()}/${talk}/${tab}`;
  }
}

const key = (talk: string, tab: Tab) => `${talk}/${tab}`;
