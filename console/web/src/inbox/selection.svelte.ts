/** The rows that somebody has chosen, and whether the boxes for it are shown at all times. */

import type { Conversation } from '../desk/rows';
import { inbox, loadMore } from '../state/inbox.svelte';
import { shelf } from '../state/shelf.svelte';
import { NOTHING, stretched, toggled, whole, within, type Chosen } from './choosing';
import type { Target } from './rows';

/** At most so many are chosen and done at once. */
export const MOST_CHOSEN = 2000;

class Selection {
  #chosen: Chosen = $state.raw(NOTHING);
  /** Without a mouse there is no row to point at: the boxes are asked for. */
  isPicking = $state(false);
  isGathering = $state(false);
  isCapped = $state(false);

  get ids(): ReadonlySet<string> {
    return this.#chosen.ids;
  }

  get count(): number {
    return this.#chosen.ids.size;
  }

  get isShown(): boolean {
    return this.isPicking || this.count > 0;
  }

  has(id: string): boolean {
    return this.#chosen.ids.has(id);
  }

  /** isStretch: from the row before to this one. */
  toggle(id: string, isStretch = false): void {
    this.#chosen = isStretch ? stretched(this.#chosen, id, inbox.shownIds) : toggled(this.#chosen, id);
    this.isCapped = false;
  }

  all(): void {
    this.isCapped = inbox.shownIds.length > MOST_CHOSEN;
    this.#chosen = whole(inbox.shownIds.slice(0, MOST_CHOSEN));
  }

  /** Only these stay chosen. */
  keep(ids: readonly string[]): void {
    this.#chosen = whole(ids);
    if (ids.length === 0) this.isPicking = false;
  }

  clear(): void {
    this.keep([]);
    this.isCapped = false;
  }

  /** What has left the list is let go of. */
  follow(): void {
    this.#chosen = within(this.#chosen, inbox.shownIds);
  }

  /** Load the list on until its end, or until there are as many as may be chosen. */
  async gather(): Promise<void> {
    this.isGathering = true;
    try {
      while (inbox.next !== null && inbox.ids.length <= MOST_CHOSEN) await loadMore();
      inbox.release();
      this.all();
    } finally {
      this.isGathering = false;
    }
  }

  /** The chosen rows as they stand on the screen. */
  rows(): Conversation[] {
    const known = shelf().conversations;
    return [...this.ids].flatMap((id) => known.get(id) ?? []);
  }
}

export const selection = new Selection();

export const targetOf = (row: Conversation): Target => ({
  id: row.id,
  epoch: row.epoch,
  seq: row.last_seq,
});
