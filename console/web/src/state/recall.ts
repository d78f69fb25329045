/**
 * Messages that have left and may still be taken back: all that they were, so that it can come back
 * into the box as it was written. Files lie in this browser for so long. What is kept is written
 * down, because the page may be loaded anew meanwhile.
 */

import type { Box } from '../desk/box';
import type { Outgoing } from '../desk/outbox';

/** The server's clock and ours differ, and the answer takes its time. */
const MARGIN_MS = 3000;

interface Kept {
  item: Outgoing;
  /** In ms of this browser's clock. */
  until: number;
}

export class Recall {
  #kept = new Map<string, { item: Outgoing; timer: ReturnType<typeof setTimeout> }>();

  /** over: told of each that cannot come back any more. */
  constructor(
    private readonly over: (clientMsgId: string) => void,
    private readonly box: Box,
  ) {}

  /** Take up what an earlier page of this operator left; answers what may still come back. */
  open(operatorId: string): string[] {
    for (const name of this.box.names(`recall/${operatorId}/`)) {
      const kept = this.box.parsed(name) as Kept | null;
      if (kept === null || kept.until <= Date.now()) this.box.remove(name);
      else this.#hold(kept);
    }
    return [...this.#kept.keys()];
  }

  keep(item: Outgoing, seconds: number): void {
    if (seconds <= 0) return this.#end(item);
    const kept = { item, until: Date.now() + seconds * 1000 + MARGIN_MS };
    this.box.write(nameOf(item), JSON.stringify(kept));
    this.#hold(kept);
  }

  /** It comes back; null: it is not known here. */
  take(clientMsgId: string): Outgoing | null {
    const kept = this.#kept.get(clientMsgId);
    if (kept === undefined) return null;
    clearTimeout(kept.timer);
    this.#kept.delete(clientMsgId);
    this.box.remove(nameOf(kept.item));
    return kept.item;
  }

  /** Every page of this operator may know it, and one of them may take it meanwhile. */
  #hold({ item, until }: Kept): void {
    const id = item.client_msg_id;
    clearTimeout(this.#kept.get(id)?.timer);
    const end = () => {
      const isElsewhere = this.box.read(nameOf(item)) === null;
      if (isElsewhere) this.#kept.delete(id);
      else this.#end(item);
    };
    this.#kept.set(id, { item, timer: setTimeout(end, until - Date.now()) });
  }

  #end(item: Outgoing): void {
    clearTimeout(this.#kept.get(item.client_msg_id)?.timer);
    this.#kept.delete(item.client_msg_id);
    this.box.remove(nameOf(item));
    this.over(item.client_msg_id);
  }
}

const nameOf = (item: Outgoing): string => `recall/${item.operator_id}/${item.client_msg_id}`;
