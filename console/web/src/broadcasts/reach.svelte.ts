/**
 * Whom an account reaches and what it costs, asked when the account or its month changes. Of a later
 * month nobody knows yet what will be left.
 */

import { Clock } from '../desk/time';
import { clock, now } from '../state/now.svelte';
import { signed } from '../state/session.svelte';
import { number } from '../state/settings.svelte';
import { castCalls } from './calls';
import type { Audience } from './rows';
import { b } from './words';

export class Reach {
  found: Audience | null = $state.raw(null);
  hasFailed = $state(false);
  /** When it is to go out; null: now. */
  at: Date | null = $state.raw(null);
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

  /** Whether the month has too few messages for it. */
  get isShort(): boolean {
    return this.found !== null && !this.found.fits && isOfThisMonth(this.at);
  }

  /** Whether it may go out, as far as is known. */
  get maySend(): boolean {
    return this.found !== null && !this.isShort && this.found.count > 0;
  }
}

const lines = new Clock('Asia/Tokyo', 'ja');
const monthOf = (at: number): string => lines.local(at).slice(0, 7);

/** By LINE's months, which are those of Japan. */
export function isOfThisMonth(at: Date | null): boolean {
  return at === null || monthOf(at.getTime()) === monthOf(now());
}

/** 「約1,234通・今月の残り 3,766通」 */
export function costWords(found: Audience, at: Date | null): string {
  const count = number(found.count);
  if (!isOfThisMonth(at) && found.kind !== 'none') return b('reach.cost_later', { count });
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
