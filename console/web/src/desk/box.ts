/**
 * What this browser keeps for whoever works in it: the one door to its storage. One that is full, or
 * that the browser forbids, stops nothing: what it does not take, this page keeps for itself.
 */

type Storing = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export class Box {
  /** What the storage did not take. */
  #here = new Map<string, string>();

  constructor(private readonly storage: () => Storing) {}

  read(name: string): string | null {
    return this.#here.get(name) ?? this.#tried((storage) => storage.getItem(name)) ?? null;
  }

  /** The same where it is JSON; null also for what somebody else wrote there. */
  parsed(name: string): unknown {
    try {
      return JSON.parse(this.read(name) ?? 'null');
    } catch {
      return null;
    }
  }

  /** A list of them; empty also for what somebody else wrote there. */
  listed<T>(name: string, isOne: (found: unknown) => found is T): T[] {
    const found = this.parsed(name);
    return Array.isArray(found) ? found.filter(isOne) : [];
  }

  /** Answers whether a reload leaves it where it is. */
  write(name: string, text: string): boolean {
    const isKept = this.#tried((storage) => (storage.setItem(name, text), true)) ?? false;
    if (isKept) this.#here.delete(name);
    else this.#here.set(name, text);
    return isKept;
  }

  remove(name: string): void {
    this.#here.delete(name);
    this.#tried((storage) => storage.removeItem(name));
  }

  names(beginning: string): string[] {
    const kept = this.#tried((storage) =>
      Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? ''),
    );
    const all = new Set([...(kept ?? []), ...this.#here.keys()]);
    return [...all].filter((name) => name.startsWith(beginning));
  }

  #tried<A>(work: (storage: Storing) => A): A | null {
    try {
      return work(this.storage());
    } catch {
      return null;
    }
  }
}

/** For every page of this browser, and for this tab alone. */
export const browserBox = new Box(() => localStorage);
export const tabBox = new Box(() => sessionStorage);
