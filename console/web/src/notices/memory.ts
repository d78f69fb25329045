/** What this page has told of each talk, and when one looked at it. */

import type { Occasion, Told } from './rules';

const MOST = 500; // talks; the oldest are forgotten

interface Known {
  lookedAt: number | null;
  toldAt: Partial<Record<Occasion, number>>;
}

export class Memory {
  #talks = new Map<string, Known>();

  of(talk: string | null, isLooking: boolean): Told {
    const known = talk === null ? undefined : this.#talks.get(talk);
    return { isLooking, lookedAt: known?.lookedAt ?? null, toldAt: known?.toldAt ?? {} };
  }

  told(talk: string | null, occasion: Occasion, at: number): void {
    if (talk !== null) this.#known(talk).toldAt[occasion] = at;
  }

  looked(talk: string, at: number): void {
    this.#known(talk).lookedAt = at;
  }

  #known(talk: string): Known {
    const known = this.#talks.get(talk) ?? { lookedAt: null, toldAt: {} };
    this.#talks.delete(talk);
    this.#talks.set(talk, known);
    if (this.#talks.size > MOST) this.#talks.delete(this.#talks.keys().next().value!);
    return known;
  }
}
