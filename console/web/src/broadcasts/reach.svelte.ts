/** Whom an account reaches and what it costs, asked when the account or its month changes. */

import { clock, now } from '../state/now.svelte';
import { signed } from '../state/session.svelte';
import { number } from '../state/settings.svelte';
import { castCalls } from './calls';
import type { Audience } from './rows';
import { b } from './words';

export class Reach {
  found: Audience | null = $state.raw(null);
  hasFailed = $state(false);
  #asked = 0;

  async load(account: string): Promise<void> {
    const own = ++this.#asked;
    this.hasFailed = false;
    if (this.found?.account !== account) this.found = null;
    try {
      const found = await castCalls.audience(account);
      if (own === this.#asked) this.found = found;
    } catch {
      if (own === this.#asked) this.hasFailed = true;
    }
  }

  /** Whether it may go out, as far as is known. */
  get maySend(): boolean {
    return this.found !== null && this.found.fits && this.found.count > 0;
  }
}

/** 「約1,234通・今月の残り 3,766通」 */
export function costWords(found: Audience): string {
  const count = number(found.count);
  if (found.kind === 'none') return b('reach.cost_free', { count });
  if (found.left === null) return b('reach.cost_unknown', { count });
  return b('reach.cost_left', { count, left: number(found.left) });
}

export function readWords(found: Audience): string {
  if (found.read_at === null || found.left === null) return b('reach.count_note');
  return b('reach.read', { time: clock().short(found.read_at, now()) });
}

export const accountName = (id: string): string =>
  signed.house.accounts.find((one) => one.id === id)?.name ?? id;
