/** A list that stands still while somebody points at it, so that nobody hits another row. */

export interface Held {
  /** What to show, in order. */
  ids: readonly string[];
  /** How many rows came, went or moved meanwhile. */
  fresh: number;
}

/** held: the rows as they stood when the pointing began; null when nobody points. */
export function standing(live: readonly string[], held: readonly string[] | null): Held {
  if (held === null) return { ids: live, fresh: 0 };
  const known = new Set(held);
  const alive = new Set(live);
  const came = live.filter((id) => !known.has(id)).length;
  const went = held.filter((id) => !alive.has(id)).length;
  const moved = came + went === 0 && live.some((id, index) => held[index] !== id) ? 1 : 0;
  return { ids: held, fresh: came + went + moved };
}

/** A page that was loaded below belongs below, also while somebody points. */
export function withPage(held: readonly string[], live: readonly string[]): readonly string[] {
  const known = new Set(held);
  const last = live.findLastIndex((id) => known.has(id));
  return [...held, ...live.slice(last + 1)];
}
