/** Broadcasts that go no further until somebody sees to them: marked where every room is entered. */

import type { Broadcast, BroadcastPage } from '../broadcasts/rows';
import type { At } from '../desk/rows';
import { allHeard } from './broadcasts.svelte';
import { api } from './session.svelte';

class Stopped {
  #items: Broadcast[] = $state.raw([]);
  #at: At = $state.raw({});

  /** As they were read, and by what the journal has told since. */
  get count(): number {
    const ids = new Set(this.#items.map((one) => one.id));
    for (const { row, id, isDeleted } of allHeard()) {
      if (id <= (this.#at[row.account] ?? 0)) continue;
      if (row.status === 'stopped' && !isDeleted) ids.add(row.id);
      else ids.delete(row.id);
    }
    return ids.size;
  }

  async load(): Promise<void> {
    const page = await api
      .call<BroadcastPage>('GET', '/broadcasts?status=stopped')
      .catch(() => null);
    if (page !== null) [this.#items, this.#at] = [page.items, page.at]; // else the next line asks
  }
}

export const stopped = new Stopped();
