/** A saved reply as it is being written: kept, looked at by the server, and saved. */

import { Refusal, Unreachable } from '../desk/api';
import { TEXT_LIMIT } from '../desk/line';
import { t } from '../state/settings.svelte';
import { replyCalls } from './calls';
import { NEW, unsaved } from './list.svelte';
import type { Mistake, SavedReply, Written } from './rows';
import { r } from './words';

const LOOK_AFTER_MS = 300;

interface Trouble {
  kind: 'lost' | 'gone' | 'other';
  words: string;
  /** What the colleague wrote who was first. */
  theirs?: string;
}

export class Draft {
  title = $state('');
  text = $state('');
  shortcut = $state('');
  account: string | null = $state(null);
  problems: Mistake[] = $state.raw([]);
  shown = $state('');
  isOld = $state(false);
  hasFailed = $state(false);
  trouble: Trouble | null = $state.raw(null);
  #taken: { shortcut: string; title: string } | null = $state.raw(null);
  #isSaving = $state(false);
  #version: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks = 0;

  constructor(
    private readonly reply: SavedReply | null,
    account: string | null,
  ) {
    const begun = unsaved[this.#key] ?? reply ?? { title: '', text: '', shortcut: null, account };
    this.title = begun.title;
    this.text = begun.text;
    this.shortcut = begun.shortcut ?? '';
    this.account = begun.account;
    this.#version = reply?.version ?? 0;
  }

  get shortcutWrong(): string {
    const plain = this.#plainShortcut;
    if (/[\s/／]/.test(plain)) return r('form.shortcut_bad');
    const taken = this.#taken;
    return taken?.shortcut === plain ? r('form.shortcut_taken', { title: taken.title }) : '';
  }

  /** A colleague was first: only a choice of its own goes on. */
  get mustChoose(): boolean {
    return this.trouble !== null && this.trouble.kind !== 'other';
  }

  get maySave(): boolean {
    const isWhole = this.title.trim() !== '' && this.text.trim() !== '';
    const isRight = this.problems.length === 0 && this.shortcutWrong === '';
    return isWhole && isRight && this.text.length <= TEXT_LIMIT && !this.#isSaving;
  }

  /** Keep what is written, and ask soon how it would arrive. */
  look(): void {
    const { text, account } = this.#written;
    if (this.#isChanged) unsaved[this.#key] = this.#written;
    this.stop();
    this.isOld = true;
    this.#timer = setTimeout(() => void this.#ask(text, account), LOOK_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  forget(): void {
    this.stop();
    delete unsaved[this.#key];
  }

  /** Answers what was saved; null when it was not, and then says why. */
  async save(isNew = false): Promise<SavedReply | null> {
    if (!this.maySave) return null;
    this.#isSaving = true;
    this.trouble = null;
    try {
      const saved =
        this.reply === null || isNew
          ? await replyCalls.add(this.#written)
          : await replyCalls.change(this.reply.id, this.#version, this.#written);
      this.forget();
      return saved;
    } catch (error) {
      await this.#refused(error);
      return null;
    } finally {
      this.#isSaving = false;
    }
  }

  async #ask(text: string, account: string | null): Promise<void> {
    this.#looks += 1;
    const mine = this.#looks;
    try {
      const answer = await replyCalls.preview(text, account);
      if (mine !== this.#looks) return;
      [this.problems, this.shown] = [answer.problems, answer.text];
      [this.isOld, this.hasFailed] = [false, false];
    } catch {
      if (mine === this.#looks) this.hasFailed = true;
    }
  }

  async #refused(error: unknown): Promise<void> {
    if (error instanceof Unreachable) {
      this.trouble = { kind: 'other', words: t('refused.unreachable') };
      return;
    }
    if (!(error instanceof Refusal)) throw error;
    const told = error.details as { title?: string; problems?: Mistake[] };
    if (error.code === 'already_there')
      this.#taken = { shortcut: this.#plainShortcut, title: told.title ?? '' };
    else if (error.code === 'bad_placeholders') this.problems = told.problems ?? [];
    else if (error.code === 'lost_race') await this.#readTheirs();
    else if (error.code === 'not_found') this.trouble = { kind: 'gone', words: r('form.gone') };
    else this.trouble = { kind: 'other', words: error.message };
  }

  /** What is there now: the writer decides with it before their eyes. */
  async #readTheirs(): Promise<void> {
    const page = await replyCalls.list(null).catch(() => null);
    const theirs = page?.items.find((one) => one.id === this.reply?.id);
    if (theirs) {
      this.#version = theirs.version;
      this.trouble = { kind: 'lost', words: r('form.lost'), theirs: theirs.text };
    } else if (page === null) this.trouble = { kind: 'other', words: t('refused.unreachable') };
    else this.trouble = { kind: 'gone', words: r('form.gone') };
  }

  get #key(): string {
    return this.reply?.id ?? NEW;
  }

  get #plainShortcut(): string {
    return this.shortcut.trim().replace(/^[/／]/, '');
  }

  get #written(): Written {
    const shortcut = this.#plainShortcut;
    return {
      title: this.title.trim(),
      text: this.text,
      shortcut: shortcut === '' ? null : shortcut,
      account: this.account,
    };
  }

  get #isChanged(): boolean {
    const { title, text, shortcut, account } = this.#written;
    const before = this.reply;
    if (before === null) return title !== '' || text !== '' || shortcut !== null;
    return (
      title !== before.title ||
      text !== before.text ||
      shortcut !== before.shortcut ||
      account !== before.account
    );
  }
}
