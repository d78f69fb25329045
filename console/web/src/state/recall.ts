/**
 * Messages that have left and may still be taken back: all that they were, so that it can come back
 * into the box as it was written. Files lie in this browser for so long. What is kept is written
 * down, because the page may be loaded anew meanwhile.
 */

import type { Outgoing } from '../desk/outbox';

/** The server's clock and ours differ, and the answer takes its time. */
const MARGIN_MS = 3000;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

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
    private readonly shelf: Shelf,
  ) {}

  /** Take up what an earlier page of this operator left; answers what may still come back. */
  open(operatorId: string): string[] {
    for (const name of this.#namesOf(operatorId)) {
      const kept = this.#read(name);
      if (kept === null || kept.until <= Date.now()) this.shelf.removeItem(name);
      else this.#hold(kept, true);
    }
    return [...this.#kept.keys()];
  }

  keep(item: Outgoing, seconds: number): void {
    if (seconds <= 0) return this.#end(item);
    const kept = { item, until: Date.now() + seconds * 1000 + MARGIN_MS };
    this.#hold(kept, this.#write(kept));
  }

  /** It comes back; null: it is not known here. */
  take(clientMsgId: string): Outgoing | null {
    const kept = this.#kept.get(clientMsgId);
    if (kept === undefined) return null;
    clearTimeout(kept.timer);
    this.#kept.delete(clientMsgId);
    this.shelf.removeItem(nameOf(kept.item));
    return kept.item;
  }

  /** isWritten: every page of this operator may know it, and one of them may take it meanwhile. */
  #hold({ item, until }: Kept, isWritten: boolean): void {
    const id = item.client_msg_id;
    clearTimeout(this.#kept.get(id)?.timer);
    const end = () => {
      const isElsewhere = isWritten && this.shelf.getItem(nameOf(item)) === null;
      if (isElsewhere) this.#kept.delete(id);
      else this.#end(item);
    };
    this.#kept.set(id, { item, timer: setTimeout(end, until - Date.now()) });
  }

  #write(kept: Kept): boolean {
    try {
      this.shelf.setItem(nameOf(kept.item), JSON.stringify(kept));
      return true;
    } catch {
      return false; // a full store: this page knows it all the same
    }
  }

  #end(item: Outgoing): void {
    clearTimeout(this.#kept.get(item.client_msg_id)?.timer);
    this.#kept.delete(item.client_msg_id);
    this.shelf.removeItem(nameOf(item));
    this.over(item.client_msg_id);
  }

  #namesOf(operatorId: string): string[] {
    const all = Array.from({ length: this.shelf.length }, (_, at) => this.shelf.key(at) ?? '');
    return all.filter((name) => name.startsWith(`recall/${operatorId}/`));
  }

  #read(name: string): Kept | null {
    try {
      return JSON.parse(this.shelf.getItem(name) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }
}

const nameOf = (item: Outgoing): string => `recall/${item.operator_id}/${item.client_msg_id}`;
