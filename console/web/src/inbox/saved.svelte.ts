/** The saved views of whoever is signed in, and how many talks each shows now. */

import { filterOf, wordsOf } from '../desk/filters';
import type { Filter } from '../desk/views';
import { place } from '../state/place.svelte';
import { inboxCalls } from './calls';
import type { SavedView } from './rows';

const PAUSE_MS = 1500;

class SavedViews {
  items: SavedView[] = $state.raw([]);
  counts: Record<string, number> = $state.raw({});
  atMost = $state(Infinity);
  mayShare = $state(false);
  state: 'loading' | 'ready' | 'failed' = $state('loading');

  /** The one that the list was opened by; undefined when it is gone. */
  get current(): SavedView | undefined {
    return this.items.find((view) => view.id === place.saved);
  }

  /** Whether the list shows something else by now. */
  get isChanged(): boolean {
    const view = this.current;
    return view !== undefined && !isSame(view.query, place);
  }

  countOf(view: SavedView): string {
    const count = this.counts[view.id];
    if (count === undefined) return '';
    return count >= this.atMost ? `${this.atMost}+` : String(count);
  }

  async load(): Promise<void> {
    try {
      const page = await inboxCalls.views();
      this.items = page.items;
      this.counts = page.counts;
      this.atMost = page.at_most;
      this.mayShare = page.may_share;
      this.state = 'ready';
    } catch {
      if (this.state === 'loading') this.state = 'failed'; // else what is shown is only old
    }
  }
}

export const savedViews = new SavedViews();
let waiting: ReturnType<typeof setTimeout> | null = null;

/** Ask again soon; many changes ask once. The first time at once. */
export function refreshSaved(): void {
  if (waiting !== null) return;
  const pause = savedViews.state === 'ready' ? PAUSE_MS : 0;
  waiting = setTimeout(() => {
    waiting = null;
    void savedViews.load();
  }, pause);
}

/** Where a saved view leads. */
export const placeOfView = (view: SavedView) => ({
  ...filterOf(view.query),
  saved: view.id,
  q: '',
  mentions: false,
  talk: null,
});

const isSame = (a: Filter, b: Filter): boolean =>
  JSON.stringify(wordsOf(a)) === JSON.stringify(wordsOf(b));
