/** The server's search behind the palette: people first, then what was said and noted. */

import { HIT_KINDS, isLongEnough, type HitKind } from '../desk/search';
import { api } from '../state/session.svelte';
import { hitEntry, type Entry } from './entries';

const PAUSE_MS = 250;
const MOST: Record<HitKind, number> = { customers: 6, messages: 6, notes: 4 };

export class Finder {
  entries: Entry[] = $state.raw([]);
  state: 'idle' | 'busy' | 'failed' = $state('idle');
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  ask(query: string): void {
    this.stop();
    this.entries = [];
    const q = query.trim();
    this.state = isLongEnough(q) ? 'busy' : 'idle';
    if (this.state === 'busy') this.#timer = setTimeout(() => void this.#find(q), PAUSE_MS);
  }

  /** What is still on its way is not shown any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #find(q: string): Promise<void> {
    const mine = this.#asked;
    try {
      const pages = await Promise.all(
        HIT_KINDS.map((kind) =>
          api.search({ q, kind, account: null, after: null, limit: MOST[kind] }),
        ),
      );
      if (mine !== this.#asked) return;
      const hits = pages.flatMap((page) => page.items);
      this.entries = hits.filter((hit) => hit.conversation_id !== null).map(hitEntry);
      this.state = 'idle';
    } catch {
      if (mine === this.#asked) this.state = 'failed';
    }
  }
}
