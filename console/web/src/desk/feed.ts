/**
 * Following the journal. The socket is only a hint: what counts are the ids, which rise by one in
 * each account's stream. Entries are applied once and in order; what is ahead of a gap waits until
 * `resume` has filled it; a stream that is too far behind is replaced by a snapshot.
 */

import type { At, Entry } from './rows';

export interface StreamTail {
  entries: Entry[];
  head: number;
  more: boolean;
  reset: boolean;
}

export interface Wire {
  /** Ask for what came after these ids. Rejects when the line is cut before the answer. */
  resume(streams: At): Promise<Record<string, StreamTail>>;
}

export interface Reader {
  apply(entry: Entry): void;
  /** Load everything anew, by the code of the start; answers where the streams were then. */
  snapshot(): Promise<At>;
  /** Called when the feed has everything up to now, and when it starts to catch up. */
  synced(isSynced: boolean): void;
}

export class Feed {
  #at = new Map<string, number>();
  #ahead = new Map<string, Map<number, Entry>>();
  #catching: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(
    private readonly wire: Wire,
    private readonly reader: Reader,
  ) {}

  /** Where each stream is now. */
  get at(): At {
    return Object.fromEntries(this.#at);
  }

  /** Begin from a snapshot's place. */
  start(at: At): void {
    this.#at = new Map(Object.entries(at));
    this.#ahead.clear();
  }

  /** The accounts that one may see are others now: from a new snapshot on. */
  async startOver(): Promise<void> {
    this.start(await this.reader.snapshot());
    await this.catchUp();
  }

  /** An entry came over the socket. */
  receive(entry: Entry): void {
    const last = this.#at.get(entry.account);
    if (last === undefined) return; // a stream that no snapshot has named: not ours to apply
    if (entry.id <= last) return;
    this.#hold(entry);
    this.#drain(entry.account);
    if (this.#hasGap(entry.account)) void this.catchUp();
  }

  /** The server tells how far its streams are. */
  check(heads: At): void {
    const isBehind = Object.entries(heads).some(
      ([account, head]) => head > (this.#at.get(account) ?? Infinity),
    );
    if (isBehind) void this.catchUp();
  }

  /** Ask for what is missing until nothing is. Calls that come meanwhile share the same asking. */
  catchUp(): Promise<void> {
    if (this.#catching !== null) {
      this.#isAskedAgain = true;
      return this.#catching;
    }
    this.#catching = this.#untilWhole().finally(() => (this.#catching = null));
    return this.#catching;
  }

  async #untilWhole(): Promise<void> {
    this.reader.synced(false);
    let hasMore = true;
    while (hasMore || this.#isAskedAgain) {
      this.#isAskedAgain = false;
      try {
        hasMore = await this.#take(await this.wire.resume(this.at));
      } catch {
        return; // the line is cut: the next connect, or the next head, asks again
      }
    }
    this.reader.synced(true);
  }

  async #take(tails: Record<string, StreamTail>): Promise<boolean> {
    if (Object.values(tails).some((tail) => tail.reset)) {
      this.start(await this.reader.snapshot());
      return true; // what happened between the snapshot and now
    }
    for (const [account, tail] of Object.entries(tails)) {
      for (const entry of tail.entries) if (entry.id > this.#last(account)) this.#hold(entry);
      this.#drain(account);
    }
    return Object.values(tails).some((tail) => tail.more);
  }

  #hold(entry: Entry): void {
    const waiting = this.#ahead.get(entry.account) ?? new Map<number, Entry>();
    waiting.set(entry.id, entry);
    this.#ahead.set(entry.account, waiting);
  }

  #drain(account: string): void {
    const waiting = this.#ahead.get(account);
    if (waiting === undefined) return;
    for (let id = this.#last(account) + 1; waiting.has(id); id += 1) {
      const entry = waiting.get(id)!;
      waiting.delete(id);
      this.#at.set(account, id);
      this.reader.apply(entry);
    }
  }

  #last(account: string): number {
    return this.#at.get(account) ?? 0;
  }

  #hasGap(account: string): boolean {
    return (this.#ahead.get(account)?.size ?? 0) > 0;
  }
}
