/**
 * What says the same as before stays the same object. An entry of the journal changes a line or
 * two of the open talk: only those are drawn again, and none when it was about another talk.
 */

interface Keyed {
  key: string;
}

export class Steady<T extends Keyed> {
  #before: readonly T[] = [];
  #byKey = new Map<string, T>();

  /** The same items; the very same array when nothing changed. */
  of(items: readonly T[]): readonly T[] {
    const kept = items.map((item) => {
      const before = this.#byKey.get(item.key);
      return before !== undefined && isSame(before, item) ? before : item;
    });
    if (isSame(this.#before, kept)) return this.#before;
    this.#before = kept;
    this.#byKey = new Map(kept.map((item) => [item.key, item]));
    return kept;
  }
}

/** By what it says. Rows are told by being the same object, which makes this quick. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  if (left.length !== right.length) return false;
  return left.every(([name, value]) => isSame(value, (b as Record<string, unknown>)[name]));
}
