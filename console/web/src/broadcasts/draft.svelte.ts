/** A broadcast as it is being written: kept in this browser at once, and by the server when asked. */

import { Refusal, Unreachable } from '../desk/api';
import { newId } from '../desk/ids';
import { t } from '../state/settings.svelte';
import {
  bubblesOf, lackOf, messagesOf, MOST_BUBBLES, moved, pictureBubble, textBubble, type Bubble, type PictureBubble,
} from './bubbles';
import { castCalls, givePicture, type Saying } from './calls';
import { KeptDrafts, NEW, type Kept } from './kept';
import type { Whole } from './rows';
import { b } from './words';

export interface Trouble {
  kind: 'lost' | 'moved' | 'gone' | 'other';
  words: string;
  /** What the colleague wrote who was first. */
  theirs?: Whole;
}

export class Draft {
  title = $state('');
  account = $state('');
  bubbles: Bubble[] = $state([]);
  saved: Whole | null = $state.raw(null);
  isSaving = $state(false);
  isRestored = $state(false);
  isKept = $state(true);
  trouble: Trouble | null = $state.raw(null);
  #clientId = newId();
  #base = $state(0);
  #files = new Map<string, File>();

  constructor(
    whole: Whole | null,
    account: string,
    private readonly kept: KeptDrafts,
  ) {
    this.#begin(whole, account);
    const left = kept.read(this.#key);
    if (left !== null) this.#restore(left);
  }

  get id(): string | null {
    return this.saved?.broadcast.id ?? null;
  }

  get version(): number {
    return this.#base;
  }

  get lack() {
    return lackOf(this.title, this.bubbles);
  }

  get messages() {
    return messagesOf(this.bubbles);
  }

  get hasPictures(): boolean {
    return this.bubbles.some((one) => one.kind === 'picture');
  }

  get isFull(): boolean {
    return this.bubbles.length >= MOST_BUBBLES;
  }

  /** Something is written that the server does not have. */
  get isChanged(): boolean {
    const { saved } = this;
    const before = saved ? [saved.broadcast.title, textsOf(saved.messages)] : ['', []];
    const isOpen = this.bubbles.length !== this.messages.length;
    const now = [this.title.trim(), textsOf(this.messages).filter((one) => saved || one !== '')];
    return isOpen || JSON.stringify(now) !== JSON.stringify(before);
  }

  /** A colleague was first: only a choice of its own goes on. */
  get mustChoose(): boolean {
    return this.trouble !== null && this.trouble.kind !== 'other';
  }

  /** Keep here what is not saved yet. */
  keep(): void {
    const { title, account } = this;
    const bubbles = this.bubbles.flatMap((one): Kept['bubbles'] => {
      if (one.kind === 'text') return [{ text: one.text }];
      return one.message === null ? [] : [{ name: one.name, message: { ...one.message } }];
    });
    if (!this.isChanged) return this.kept.drop(this.#key);
    const all = { client_id: this.#clientId, base: this.#base, title, account, bubbles };
    this.isKept = this.kept.write(this.#key, all);
  }

  addText(): void {
    if (!this.isFull) this.bubbles.push(textBubble());
  }

  addPicture(file: File): void {
    if (this.isFull) return;
    const bubble = pictureBubble(file.name);
    this.#files.set(bubble.key, file);
    this.bubbles.push(bubble);
    void this.give(bubble.key);
  }

  /** Hand a picture over to the server; again, where that went wrong. */
  async give(key: string): Promise<void> {
    const file = this.#files.get(key);
    if (file === undefined) return;
    this.#picture(key, { refusal: null });
    try {
      const { name, message } = await givePicture(this.account, key, file);
      this.#picture(key, { name, message });
    } catch (error) {
      this.#picture(key, { refusal: pictureWords(error) });
      if (isBadFile(error)) this.#files.delete(key); // another try would end alike
    }
  }

  hasFile(key: string): boolean {
    return this.#files.has(key);
  }

  move(at: number, by: -1 | 1): void {
    this.bubbles = moved(this.bubbles, at, by);
  }

  remove(at: number): void {
    this.bubbles.splice(at, 1);
  }

  /** Answers how it is saved; null when it is not, and then `trouble` says why. */
  async save(): Promise<Whole | null> {
    if (this.lack !== null || this.isSaving) return null;
    this.trouble = null;
    if (this.saved !== null && !this.isChanged) return this.saved;
    this.isSaving = true;
    const saying = { title: this.title.trim(), messages: this.messages };
    try {
      const whole = await this.#send(saying);
      this.kept.drop(this.#key);
      [this.saved, this.#base, this.isRestored] = [whole, whole.broadcast.version, false];
      return whole;
    } catch (error) {
      this.#refused(error);
      return null;
    } finally {
      this.isSaving = false;
    }
  }

  /** The colleague's draft takes the place of what is written here. */
  takeTheirs(): void {
    const theirs = this.trouble?.theirs;
    if (theirs !== undefined) this.reset(theirs);
  }

  /** What is written here is to take the place of the colleague's. */
  overwrite(): Promise<Whole | null> {
    const theirs = this.trouble?.theirs;
    if (theirs !== undefined) [this.saved, this.#base] = [theirs, theirs.broadcast.version];
    return this.save();
  }

  /** It is another broadcast from now on. */
  asNew(): Promise<Whole | null> {
    this.kept.drop(this.#key);
    [this.saved, this.#base, this.#clientId] = [null, 0, newId()];
    return this.save();
  }

  /** As the server has it: what was written here is gone. */
  reset(whole: Whole | null = this.saved): void {
    this.kept.drop(this.#key);
    this.#files.clear();
    this.#begin(whole, this.account);
  }

  /** Somebody else has changed it. Who has written nothing here sees theirs; others are asked. */
  meet(whole: Whole): void {
    if (this.isSaving || whole.broadcast.version <= this.#base) return;
    if (this.isChanged) this.#tellTheirs(whole);
    else this.reset(whole);
  }

  /** Somebody else has deleted it. */
  lose(): void {
    this.trouble = { kind: 'gone', words: b('edit.deleted_by') };
  }

  #begin(whole: Whole | null, account: string): void {
    [this.saved, this.#base] = [whole, whole?.broadcast.version ?? 0];
    this.title = whole?.broadcast.title ?? '';
    this.account = whole?.broadcast.account ?? account;
    this.bubbles = whole === null ? [textBubble()] : bubblesOf(whole.messages, b('picture'));
    [this.trouble, this.isRestored] = [null, false];
  }

  #restore(left: Kept): void {
    this.#clientId = left.client_id;
    this.title = left.title;
    if (this.saved === null) this.account = left.account;
    this.bubbles = left.bubbles.map((one) =>
      'text' in one ? textBubble(one.text) : pictureBubble(one.name, one.message),
    );
    this.isRestored = true;
    const isOlder = this.saved !== null && left.base < this.saved.broadcast.version;
    if (isOlder) this.#tellTheirs(this.saved!);
  }

  async #send(saying: Saying): Promise<Whole> {
    if (this.id !== null) return castCalls.change(this.id, this.#base, saying);
    const made = await castCalls.create(this.#clientId, this.account, saying);
    if (isSaid(made, saying)) return made;
    // It was made before, by a request of which no answer came; more was written since.
    this.kept.drop(this.#key);
    [this.saved, this.#base] = [made, made.broadcast.version];
    return castCalls.change(made.broadcast.id, this.#base, saying);
  }

  #tellTheirs(theirs: Whole): void {
    const isDraft = theirs.broadcast.status === 'draft';
    this.trouble = isDraft
      ? { kind: 'lost', words: b('edit.lost'), theirs }
      : { kind: 'moved', words: b('edit.moved') };
  }

  #refused(error: unknown): void {
    if (error instanceof Unreachable) {
      this.trouble = { kind: 'other', words: t('refused.unreachable') };
      return;
    }
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'lost_race' || error.code === 'wrong_status') void this.#readTheirs();
    else if (error.code === 'not_found') this.lose();
    else this.trouble = { kind: 'other', words: error.message };
  }

  async #readTheirs(): Promise<void> {
    const theirs = await castCalls.get(this.id ?? '').catch(() => null);
    if (theirs !== null) this.#tellTheirs(theirs);
    else this.trouble = { kind: 'other', words: t('refused.unreachable') };
  }

  #picture(key: string, change: Partial<PictureBubble>): void {
    const found = this.bubbles.find((one) => one.key === key);
    if (found?.kind === 'picture') Object.assign(found, change);
  }

  get #key(): string {
    return this.id ?? NEW;
  }
}

const isBadFile = (error: unknown) => error instanceof Refusal && error.code === 'bad_file';

function pictureWords(error: unknown): string {
  if (isBadFile(error)) return b('edit.bad_picture');
  return error instanceof Refusal ? error.message : t('refused.unreachable');
}

const isSaid = ({ broadcast, messages }: Whole, saying: Saying) =>
  broadcast.title === saying.title &&
  JSON.stringify(textsOf(messages)) === JSON.stringify(textsOf(saying.messages));

const textsOf = (messages: readonly Record<string, unknown>[]) =>
  messages.map((one) => (one.type === 'text' ? one.text : one.originalContentUrl));
