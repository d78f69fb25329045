/** The phone beside the text: what was said so far, and what the draft makes of it. */

import { Refusal } from '../desk/api';
import { clock, now } from '../state/now.svelte';
import { calls } from './calls';
import type { OpenFile } from './file.svelte';
import type { TalkLine, Trial } from './rows';
import { f } from './words';

export class TrialTalk {
  lines: TalkLine[] = $state.raw([]);
  trial: Trial | null = $state.raw(null);
  isBroken = $state(false);
  isBusy = $state(false);
  failure = $state('');
  #startedAt = $state(clock().local(now()).replace('T', ' '));
  #asked = 0;

  constructor(private readonly open: OpenFile) {}

  get startedAt(): string {
    return this.#startedAt;
  }

  /** Do one more thing. Lines that could not be done any more are dropped first. */
  async add(line: TalkLine): Promise<void> {
    const stop = this.trial?.stop;
    this.lines = [...(stop ? this.lines.slice(0, stop.line) : this.lines), line];
    await this.run();
  }

  async undo(): Promise<void> {
    this.lines = this.lines.slice(0, -1);
    await this.run();
  }

  /** A new friend, at the moment that one names (else: now). */
  async reset(startedAt?: string): Promise<void> {
    this.#startedAt = (startedAt ?? clock().local(now())).replace('T', ' ');
    this.lines = [];
    await this.run();
  }

  /** Walk the whole talk again through the text as it is. */
  async run(): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    const given = { name: f('try.name'), now: this.#startedAt };
    this.isBusy = true;
    try {
      const trial = await calls.talk(this.open.file, this.open.text, given, this.lines);
      if (number !== this.#asked) return;
      this.trial = trial;
      this.isBroken = false;
      this.failure = '';
    } catch (error) {
      if (number !== this.#asked) return;
      this.isBroken = error instanceof Refusal && error.code === 'broken_flows';
      this.failure = this.isBroken ? '' : f('try.failed');
    } finally {
      if (number === this.#asked) this.isBusy = false;
    }
  }
}
