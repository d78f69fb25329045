/** The form of a file: its rows, and what it changes in the text that is open. */

import { Refusal, Unreachable } from '../../desk/api';
import { explain } from '../../state/moves';
import type { OpenFile } from '../file.svelte';
import { formCalls } from './calls';
import type { HouseForm, Part } from './rows';
import { Steps } from './steps';

const AGAIN_AFTER_MS = 3000;
const CHECK_AFTER_MS = 800;

export class Form {
  now: HouseForm | null = $state.raw(null);
  /** The text that `now` speaks of. */
  readText: string | null = $state(null);
  hasFailed = $state(false);
  isWriting = $state(false);
  canUndo = $state(false);

  #steps = new Steps();
  #last: Promise<boolean> = Promise.resolve(true);
  #asked = 0;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly open: OpenFile) {}

  /** Whether the rows are those of the text as it is. */
  readonly isFresh = $derived.by(() => this.readText === this.open.text);

  /** Read the rows of the text, when it was changed by somebody else than this form. */
  async read(isAgain = false): Promise<void> {
    const text = this.open.text;
    if (this.readText === text && !isAgain) return;
    this.#asked += 1;
    const number = this.#asked;
    try {
      const found = await formCalls.read(this.open.file, text);
      if (number !== this.#asked || this.open.text !== text) return;
      this.#show(found, text);
    } catch (error) {
      this.hasFailed = this.now === null;
      if (error instanceof Unreachable && number === this.#asked)
        setTimeout(() => void this.read(), AGAIN_AFTER_MS);
    }
  }

  /** Change parts of the text, after what is being changed already. what: the place, for undo. */
  change(parts: Part[], what = ''): Promise<boolean> {
    const done = this.#last.then(() => this.#write(parts, what));
    this.#last = done;
    return done;
  }

  /** Take the last change back. */
  undo(): void {
    this.#last = this.#last.then(async () => {
      const text = this.#steps.undo(this.open.text);
      if (text !== null) this.open.change(text);
      this.canUndo = !this.#steps.isEmpty;
      await this.read();
      return true;
    });
  }

  /** Once everything that was typed has come into the text; answers whether it has. */
  async settled(): Promise<boolean> {
    const field = document.activeElement;
    if (field instanceof HTMLElement) field.blur(); // what is being typed counts
    const isDone = await this.#last;
    if (field instanceof HTMLElement && field.isConnected) field.focus({ preventScroll: true });
    return isDone;
  }

  async #write(parts: Part[], what: string): Promise<boolean> {
    this.isWriting = true;
    try {
      for (;;) {
        const text = this.open.text;
        const written = await formCalls.write(this.open.file, text, parts);
        if (this.open.text !== text) continue; // somebody wrote meanwhile: once more, on that
        this.#steps.did(text, written.text, what);
        this.canUndo = !this.#steps.isEmpty;
        this.open.change(written.text);
        this.#show(written, written.text);
        if (!written.is_checked) this.#checkLater();
        return true;
      }
    } catch (error) {
      explain(error);
      return false;
    } finally {
      this.isWriting = false;
    }
  }

  /** The problems of a long text take a while: they are asked for once the writer pauses. */
  #checkLater(): void {
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.read(true), CHECK_AFTER_MS);
  }

  #show(found: HouseForm, text: string): void {
    this.#asked += 1;
    this.now = found;
    this.readText = text;
    this.hasFailed = false;
  }
}

/** Whether a refusal says that there are problems to be mended first. */
export const isBroken = (error: unknown) =>
  error instanceof Refusal && error.code === 'broken_flows';
