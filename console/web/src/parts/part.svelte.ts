/**
 * A part of the screen whose files come when it is wanted, or before: while the browser has
 * nothing to do. What is there already is shown at once, without a line.
 */

import type { Component } from 'svelte';
import { bring } from '../state/settings.svelte';

type Props = Record<string, any>;
type Load<P extends Props> = () => Promise<{ default: Component<P> }>;

export class Part<P extends Props> {
  Loaded: Component<P> | null = $state.raw(null);
  hasFailed = $state(false);
  #load: Load<P>;

  constructor(load: Load<P>) {
    this.#load = load;
  }

  async bring(): Promise<void> {
    if (this.Loaded !== null) return;
    this.hasFailed = false;
    try {
      this.Loaded = (await bring(this.#load)).default;
    } catch {
      this.hasFailed = true;
    }
  }
}

const LATEST_MS = 2000;
const whenIdle = (work: () => void) =>
  'requestIdleCallback' in window
    ? requestIdleCallback(work, { timeout: LATEST_MS })
    : setTimeout(work, LATEST_MS);

/** One after the other, each when nothing else is to be done. */
export function bringWhenIdle(parts: readonly { bring: () => Promise<void> }[]): void {
  const [first, ...others] = parts;
  if (first !== undefined) whenIdle(() => void first.bring().then(() => bringWhenIdle(others)));
}
