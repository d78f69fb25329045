/**
 * Messages that have left and may still be taken back: all that they were, so that it can come back
 * into the box as it was written. Files lie in this browser for so long.
 */

import type { Outgoing } from '../desk/outbox';

/** The server's clock and ours differ, and the answer takes its time. */
const MARGIN_MS = 3000;

export class Recall {
  #kept = new Map<string, { item: Outgoing; timer: ReturnType<typeof setTimeout> }>();

  /** over: told of each that cannot come back any more. */
  constructor(private readonly over: (clientMsgId: string) => void) {}

  keep(item: Outgoing, seconds: number): void {
    const id = item.client_msg_id;
    clearTimeout(this.#kept.get(id)?.timer);
    if (seconds <= 0) return this.over(id);
    const timer = setTimeout(() => {
      this.#kept.delete(id);
      this.over(id);
    }, seconds * 1000 + MARGIN_MS);
    this.#kept.set(id, { item, timer });
  }

  /** It comes back; null: it is not known here. */
  take(clientMsgId: string): Outgoing | null {
    const kept = this.#kept.get(clientMsgId);
    if (kept === undefined) return null;
    clearTimeout(kept.timer);
    this.#kept.delete(clientMsgId);
    return kept.item;
  }
}
