/** One file of the folder on the screen: its text, what is saved, what the checker says of it. */

import { Refusal, Unreachable } from '../desk/api';
import { browserBox } from '../desk/box';
import { explain } from '../state/moves';
import { onLanguage } from '../state/settings.svelte';
import { signed } from '../state/session.svelte';
import { toast } from '../state/toasts.svelte';
import { calls, newerIn } from './calls';
import { LocalTexts, opening } from './local';
import type { Check, FileText, Newer, Picture, Problem, Trigger } from './rows';
import { f } from './words';

const CHECK_AFTER_MS = 300;
const KEEP_AFTER_MS = 250;
const LOOK_EVERY_MS = 10_000;

export class OpenFile {
  text = $state('');
  saved: FileText | null = $state(null);
  newer: Newer | null = $state(null);
  state: 'loading' | 'open' | 'missing' | 'failed' = $state('loading');
  failure = $state('');
  isRestored = $state(false);
  /** The text has a proposal in it that was not looked at yet. */
  isProposed = $state(false);
  isSaving = $state(false);
  isOffline = $state(false);
  isKept = $state(true);
  checked: Check | null = $state.raw(null);
  /** The text that `checked` speaks of. */
  checkedText = $state('');
  /** What was known of the flow when the text could last be read. */
  picture: Picture | null = $state.raw(null);
  triggers: Trigger[] = $state.raw([]);
  title: string | null = $state(null);
  standing: Record<string, number> = $state.raw({});

  readonly isDirty = $derived.by(() => this.state === 'open' && this.text !== this.saved?.text);
  readonly isChecking = $derived.by(() => this.checkedText !== this.text || this.checked === null);
  readonly problems: Problem[] = $derived.by(() =>
    (this.checked?.problems ?? []).filter((one) => one.file === this.file),
  );
  readonly errors = $derived.by(() => this.problems.filter((one) => one.severity === 'E').length);
  readonly warnings = $derived.by(() => this.problems.filter((one) => one.severity === 'W').length);
  readonly elsewhere = $derived.by(
    () =>
      (this.checked?.problems ?? []).filter(
        (one) => one.file !== this.file && one.severity === 'E',
      ).length,
  );
  readonly flow = $derived.by(() => this.checked?.flow ?? null);
  readonly isBroken = $derived.by(() => !this.isChecking && this.errors > 0);

  #locals = new LocalTexts(browserBox, signed.me);
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setInterval> | undefined;
  /** The hash of the text that one's own began from, which a reload must not forget. */
  #base: string | null = null;
  /** Those that the text answers once it is saved. */
  #questions: number[] = [];
  #asked = 0;
  #isGone = false;

  constructor(readonly file: string) {}

  /** Read it, and go on looking for what others do to it; answers how to stop. */
  start(): () => void {
    void this.load();
    const look = () => {
      if (document.visibilityState === 'visible') void this.look();
    };
    const keep = () => this.#keep();
    this.#lookTimer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
    addEventListener('pagehide', keep);
    const stopListening = onLanguage(() => void this.check());
    return () => {
      this.#isGone = true;
      stopListening();
      this.#keep();
      clearInterval(this.#lookTimer);
      clearTimeout(this.#checkTimer);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('pagehide', keep);
    };
  }

  async load(): Promise<void> {
    try {
      const found = await calls.read(this.file);
      const local = this.#locals.read(this.file);
      const begun = opening(found, local);
      this.saved = found;
      this.#base = begun.kind === 'conflict' ? (local?.hash ?? null) : found.hash;
      this.text = begun.text;
      this.#questions = begun.kind === 'clean' ? [] : (local?.questions ?? []);
      this.isRestored = begun.kind === 'restored';
      this.isProposed = this.isRestored && this.#questions.length > 0;
      this.newer = begun.kind === 'conflict' ? { text: found.text, hash: found.hash } : null;
      this.state = 'open';
      void this.check();
    } catch (error) {
      this.#notOpened(error);
    }
  }

  change(text: string): void {
    if (text === this.text) return;
    this.text = text;
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#keepTimer);
    this.#checkTimer = setTimeout(() => void this.check(), CHECK_AFTER_MS);
    this.#keepTimer = setTimeout(() => this.#keep(), KEEP_AFTER_MS);
  }

  async check(): Promise<void> {
    this.#asked += 1;
    const [number, text] = [this.#asked, this.text];
    try {
      const found = await calls.check(this.file, text);
      if (number !== this.#asked || this.#isGone) return;
      this.checked = found;
      this.checkedText = text;
      this.isOffline = false;
      if (found.picture !== null) this.picture = found.picture;
      if (found.flow !== null) {
        this.triggers = found.triggers;
        this.title = found.title;
        void this.#countPeople(found.flow);
      }
    } catch (error) {
      this.isOffline = error instanceof Unreachable;
      if (!this.#isGone) this.#checkTimer = setTimeout(() => void this.check(), LOOK_EVERY_MS);
    }
  }

  /** Answers whether the text is saved now. */
  async save(): Promise<boolean> {
    if (this.isSaving || !signed.mayChangeFlows) return false;
    if (!this.isDirty) return true;
    if (this.newer !== null) return false; // the two texts are on the screen, to be decided first
    this.isSaving = true;
    const text = this.text;
    try {
      this.saved = await calls.write(this.file, text, this.saved?.hash ?? null);
      this.#base = this.saved.hash;
      this.isRestored = false;
      void this.#settle();
      this.#keep();
      void this.check();
      return this.text === text;
    } catch (error) {
      this.newer = newerIn(error);
      if (this.newer === null) explain(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  /** One's own text stays on the screen; the next save replaces theirs. */
  keepMine(): void {
    if (this.newer === null) return;
    const { text, hash } = this.newer;
    this.saved = text === null || hash === null ? null : { file: this.file, text, hash };
    this.#base = hash;
    this.newer = null;
    this.#keep();
  }

  takeTheirs(): void {
    const theirs = this.newer;
    if (theirs === null) return;
    this.keepMine();
    if (theirs.text === null) this.state = 'missing';
    else this.#show(theirs.text);
  }

  /** Back to what is saved. */
  drop(): void {
    if (this.saved !== null) this.#show(this.saved.text);
  }

  async remove(): Promise<boolean> {
    if (this.saved === null) return false;
    try {
      await calls.remove(this.file, this.saved.hash);
      this.#locals.drop(this.file);
      this.state = 'missing';
      return true;
    } catch (error) {
      this.newer = newerIn(error);
      if (this.newer === null) explain(error);
      return false;
    }
  }

  /** Whether somebody else changed the file; a text without changes of one's own follows at once. */
  async look(): Promise<void> {
    if (this.state !== 'open' || this.isSaving || this.newer !== null) return;
    const before = this.saved?.hash ?? null;
    const now = await this.#newest();
    if (now === undefined || now.hash === before || this.isSaving || this.newer !== null) return;
    if (before !== (this.saved?.hash ?? null)) return;
    if (this.isDirty || now.text === null || now.hash === null) {
      this.newer = now;
      return;
    }
    this.saved = { file: this.file, text: now.text, hash: now.hash };
    this.#base = now.hash;
    this.#show(now.text);
    toast(f('file.reloaded'));
  }

  async #newest(): Promise<Newer | undefined> {
    try {
      return await calls.read(this.file);
    } catch (error) {
      const isGone = error instanceof Refusal && error.status === 404;
      return isGone ? { text: null, hash: null } : undefined;
    }
  }

  async #countPeople(flow: string): Promise<void> {
    const found = await calls.standing(flow).catch(() => null);
    if (found !== null) this.standing = found.standing;
  }

  /** A refusal says nothing to the writer: what the FAQ answers now is not proposed again. */
  async #settle(): Promise<void> {
    const ids = this.#questions;
    this.#questions = [];
    if (ids.length > 0) await calls.settle(ids).catch(() => null);
  }

  #show(text: string): void {
    this.text = text;
    this.#questions = [];
    this.isRestored = false;
    this.#keep();
    void this.check();
  }

  #keep(): void {
    clearTimeout(this.#keepTimer);
    if (this.state !== 'open') return;
    if (this.isDirty)
      this.isKept = this.#locals.write(this.file, {
        text: this.text,
        hash: this.#base,
        questions: this.#questions,
      });
    else {
      this.#questions = [];
      this.#locals.drop(this.file);
    }
  }

  #notOpened(error: unknown): void {
    const local = this.#locals.read(this.file);
    const isMissing = error instanceof Refusal && error.status === 404;
    if (isMissing && local !== null) {
      // The file went away, the unsaved text did not.
      this.text = local.text;
      this.#questions = local.questions ?? [];
      this.newer = { text: null, hash: null };
      this.state = 'open';
      void this.check();
    } else {
      this.failure = reasonOf(error);
      this.state = isMissing ? 'missing' : 'failed';
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Refusal)) return '';
  return error.code === 'too_large' ? f('file.too_large') : error.message;
}
