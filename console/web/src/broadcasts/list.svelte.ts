/** The list of broadcasts: read once, and true from then on by what the journal tells. */

import type { At } from '../desk/rows';
import { allHeard, heardOf } from '../state/broadcasts.svelte';
import { castCalls } from './calls';
import type { Broadcast, Status } from './rows';

export class CastList {
  #items: Broadcast[] | null = $state.raw(null);
  #at: At = $state.raw({});
  next: string | null = $state(null);
  hasFailed = $state(false);
  #asked = 0;

  /** As they are now; of a filter, also what has left it meanwhile, until it is read again. */
  get shown(): Broadcast[] | null {
    return (
      this.#items?.flatMap((row) => {
        const told = heardOf(row.id, row.account, this.#at);
        if (told === null) return [row];
        return told.isDeleted ? [] : [told.row];
      }) ?? null
    );
  }

  /** Whether the journal has told of one that is not here. */
  isBehind(account: string | null): boolean {
    const known = new Set(this.#items?.map((row) => row.id));
    return allHeard().some(
      ({ row, id, isDeleted }) =>
        !isDeleted &&
        !known.has(row.id) &&
        (account === null || account === row.account) &&
        id > (this.#at[row.account] ?? 0),
    );
  }

  async load(account: string | null, statuses: readonly Status[]): Promise<void> {
    const own = ++this.#asked;
    this.hasFailed = false;
    try {
      const page = await castCalls.list(account, statuses, null);
      if (own !== this.#asked) return;
      [this.#items, this.next, this.#at] = [page.items, page.next, page.at];
    } catch {
      if (own === this.#asked) this.hasFailed = true;
    }
  }

  async more(account: string | null, statuses: readonly Status[]): Promise<void> {
    const page = await castCalls.list(account, statuses, this.next);
    this.#items = [...(this.#items ?? []), ...page.items];
    this.next = page.next;
  }
}
