/**
 * What one operator is writing in one talk: the text of the open tab, and the box that it stands
 * in. The parts of the composer share it. Only the writer changes it; nothing that comes over the
 * network does. A letter is painted before anything else is done with it: until then the box is
 * ahead of the text.
 */

import { untrack } from 'svelte';
import type { Tab } from '../desk/drafts';
import { TEXT_LIMIT } from '../desk/line';
import type { Asked } from '../replies/choosing';
import { holesIn } from '../replies/holes';
import { insertText } from '../replies/insert';
import type { Hole } from '../replies/rows';
import { runAhead } from '../state/ahead';
import { iWrite } from '../state/live.svelte';
import { afterPaint } from '../state/painted';
import { drafts } from '../state/sending.svelte';
import { splitText } from './split';

/** So many messages are enough for one text. */
export const MOST_TEXTS = 5;

/** Which small panel is open over the bar. */
export type Opened = 'emoji' | 'sticker' | 'quick' | null;

export class Paper {
  text = $state('');
  isKeeping = $state(false);
  /** Where a saved reply is to stand, while one is being chosen. */
  asked: Asked | null = $state.raw(null);
  /** The text that was not sent because something in it is not filled in. */
  heldText: string | null = $state(null);
  box: HTMLTextAreaElement | undefined = $state();
  /** Colleagues whom the note may call: those who were chosen while it was written. */
  called: { id: string; name: string }[] = [];
  /** The browser's own chooser of files. */
  chooser: HTMLInputElement | undefined = $state();
  open: Opened = $state(null);

  #tab = $state<Tab>('reply');
  /** The box, while it is ahead of the text. */
  #ahead: HTMLTextAreaElement | null = null;
  #letBe = (): void => undefined;

  readonly isNote = $derived(this.#tab === 'note');
  readonly over = $derived(this.text.length - TEXT_LIMIT);
  /** The text in parts that LINE takes, each a message of its own. */
  readonly pieces: string[] = $derived(this.over > 0 ? splitText(this.text) : [this.text]);
  readonly holes: Hole[] = $derived(this.isNote ? [] : holesIn(this.text));

  constructor(readonly conversationId: string) {}

  get tab(): Tab {
    return this.#tab;
  }

  set tab(tab: Tab) {
    this.take();
    this.#tab = tab;
  }

  /** The writer has changed what is in the box. */
  typed(box: HTMLTextAreaElement): void {
    if (this.#ahead !== null) return;
    this.#ahead = box;
    runAhead(() => this.take());
    this.#letBe = afterPaint(() => {
      this.take();
      if (!this.isNote) iWrite();
    });
  }

  /** What is in the box is the text, and lies in this browser. */
  take(): void {
    const box = this.#ahead;
    if (box === null) return;
    this.#ahead = null;
    this.#letBe();
    untrack(() => {
      this.text = box.value;
      this.#keep();
    });
  }

  /** Show what was being written here before. */
  read(): void {
    this.take();
    this.text = drafts().read(this.conversationId, this.tab);
  }

  clear(): void {
    this.text = '';
    this.#keep();
  }

  /** It was kept as a note; what was typed meanwhile stays, whatever tab is open by now. */
  forget(tab: Tab, written: string): void {
    this.take();
    if (drafts().read(this.conversationId, tab) !== written) return;
    drafts().write(this.conversationId, tab, '');
    if (this.tab === tab) this.text = '';
  }

  /** Put words in at the caret, in place of what is selected. */
  insert(words: string): void {
    if (!this.box) return;
    insertText(this.box, { from: this.box.selectionStart, to: this.box.selectionEnd }, words);
  }

  /** Open a small panel, or close it; isBack: the writer goes on in the box. */
  turn(what: Opened, isBack = false): void {
    this.open = what;
    if (what === null && isBack) this.box?.focus();
  }

  /** A saved reply is to stand where the caret is. */
  askReply(): void {
    if (!this.box) return;
    const { selectionStart: from, selectionEnd: to } = this.box;
    this.asked = this.asked === null ? { from, to, query: '' } : null;
  }

  select(from: number, to: number): void {
    this.box?.focus();
    this.box?.setSelectionRange(from, to);
  }

  #keep(): void {
    drafts().write(this.conversationId, this.tab, this.text);
  }
}
