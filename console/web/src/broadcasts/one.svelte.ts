/** The broadcast that is open: what it says, and how it stands by now. */

import { Refusal } from '../desk/api';
import { heardOf } from '../state/broadcasts.svelte';
import { castCalls } from './calls';
import type { Broadcast, Whole } from './rows';

export class OpenCast {
  whole: Whole | null = $state.raw(null);
  isGone = $state(false);
  hasFailed = $state(false);
  #asked = 0;

  get row(): Broadcast | null {
    const { whole } = this;
    if (whole === null) return null;
    const { id, account } = whole.broadcast;
    return heardOf(id, account, whole.at)?.row ?? whole.broadcast;
  }

  /** It was deleted since it was read. */
  get isDeleted(): boolean {
    const { whole } = this;
    if (whole === null) return false;
    return heardOf(whole.broadcast.id, whole.broadcast.account, whole.at)?.isDeleted ?? false;
  }

  /** More than its counts has changed: what it says, or which calls somebody has to look at. */
  get isOld(): boolean {
    const [before, now] = [this.whole?.broadcast, this.row];
    if (!before || !now || this.isDeleted) return false;
    return (['version', 'unknown', 'failed'] as const).some((key) => before[key] !== now[key]);
  }

  take(whole: Whole): void {
    this.#asked += 1;
    this.whole = whole;
  }

  async load(id: string): Promise<void> {
    const own = ++this.#asked;
    this.hasFailed = false;
    try {
      const whole = await castCalls.get(id);
      if (own === this.#asked) this.whole = whole;
    } catch (error) {
      if (own !== this.#asked) return;
      if (error instanceof Refusal && error.status === 404) this.isGone = true;
      else this.hasFailed = true;
    }
  }
}
