/** The counter at a glance: asked for when something changed, never more often than it can change. */

import { live } from '../state/live.svelte';
import { calls } from './calls';
import type { Board } from './rows';

const SOON_MS = 800;
const LEAST_GAP_MS = 2500;
const SLOW_MS = 20_000;

class Watching {
  found: Board | null = $state.raw(null);
  hasFailed = $state(false);
}

export const board = new Watching();

let timer: ReturnType<typeof setTimeout> | null = null;
let askedAt = -Infinity;
let number = 0;

async function load(account: string | null): Promise<void> {
  const own = ++number;
  askedAt = Date.now();
  try {
    const found = await calls.board(account);
    if (own !== number) return;
    board.found = found;
    board.hasFailed = false;
  } catch {
    board.hasFailed = own === number;
  }
}

/** Ask soon; many changes ask once. */
function askSoon(account: () => string | null): void {
  if (timer !== null) return;
  const pause = Math.max(SOON_MS, askedAt + LEAST_GAP_MS - Date.now());
  timer = setTimeout(() => {
    timer = null;
    void load(account());
  }, pause);
}

/** Ask at once. */
export const reload = (account: string | null): Promise<void> => load(account);

/**
 * Keep the board true while it is on the screen; to be called within a component. Every journal
 * entry asks; who is at the console is in no journal, so now and then it is asked without a reason,
 * while somebody looks.
 */
export function watch(account: () => string | null): void {
  $effect(() => {
    board.found = null;
    void load(account());
  });
  let seen = `${live.heard} ${live.link}`;
  $effect(() => {
    const now = `${live.heard} ${live.link}`;
    if (now !== seen) askSoon(account);
    seen = now;
  });
  $effect(() => {
    const slow = setInterval(() => {
      if (document.visibilityState === 'visible') askSoon(account);
    }, SLOW_MS);
    return () => {
      clearInterval(slow);
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
  });
}
