/**
 * A sorted list that follows the rows of the shelf. A row that changed is another object: only those
 * are taken out and put in again, so that a list of thousands costs little at each change.
 */

import type { Conversation } from './rows';

export interface Rule {
  /** Another key is another list. */
  key: string;
  belongs: (row: Conversation) => boolean;
  order: (a: Conversation, b: Conversation) => number;
}

const MANY = 200; // changes at once for which sorting anew is cheaper

export class LiveList {
  #key: string | null = null;
  #known = new Map<string, Conversation>();
  #sorted: Conversation[] = [];

  /** The list by this rule, of the rows as they are now; the same array when nothing changed. */
  of(rows: ReadonlyMap<string, Conversation>, rule: Rule): readonly Conversation[] {
    const changed = rule.key === this.#key ? this.#changes(rows) : null;
    if (changed === null || changed.length > MANY) this.#build(rows, rule);
    else if (changed.length > 0) this.#follow(changed, rule);
    return this.#sorted;
  }

  #build(rows: ReadonlyMap<string, Conversation>, rule: Rule): void {
    this.#key = rule.key;
    this.#known = new Map(rows);
    this.#sorted = [...rows.values()].filter(rule.belongs).sort(rule.order);
  }

  /** null when rows have gone: the shelf was emptied for a snapshot. */
  #changes(rows: ReadonlyMap<string, Conversation>): Conversation[] | null {
    const changed: Conversation[] = [];
    let there = 0;
    for (const row of rows.values()) {
      const known = this.#known.get(row.id);
      if (known !== undefined) there += 1;
      if (known !== row) changed.push(row);
    }
    return there < this.#known.size ? null : changed;
  }

  #follow(changed: readonly Conversation[], rule: Rule): void {
    const ids = new Set(changed.map((row) => row.id));
    const sorted = this.#sorted.filter((row) => !ids.has(row.id));
    for (const row of changed) {
      this.#known.set(row.id, row);
      if (rule.belongs(row)) sorted.splice(placeOf(sorted, row, rule.order), 0, row);
    }
    this.#sorted = sorted;
  }
}

/** Where a row belongs among sorted ones. */
function placeOf(sorted: readonly Conversation[], row: Conversation, order: Rule['order']): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(sorted[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
