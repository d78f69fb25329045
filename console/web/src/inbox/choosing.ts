/** Which rows are chosen: one by one, from one to another with Shift, or all that are shown. */

export interface Chosen {
  ids: ReadonlySet<string>;
  /** Where a stretch begins that Shift ends. */
  from: string | null;
}

export const NOTHING: Chosen = { ids: new Set(), from: null };

export function toggled(chosen: Chosen, id: string): Chosen {
  const ids = new Set(chosen.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, from: id };
}

/** From the last one that was touched to this one; all become as the first of them is. */
export function stretched(chosen: Chosen, id: string, order: readonly string[]): Chosen {
  const start = chosen.from === null ? -1 : order.indexOf(chosen.from);
  const end = order.indexOf(id);
  if (start < 0 || end < 0) return toggled(chosen, id);
  const stretch = order.slice(Math.min(start, end), Math.max(start, end) + 1);
  const ids = new Set(chosen.ids);
  const isAdding = chosen.ids.has(chosen.from!);
  for (const one of stretch) {
    if (isAdding) ids.add(one);
    else ids.delete(one);
  }
  return { ids, from: id };
}

export function whole(order: readonly string[]): Chosen {
  return { ids: new Set(order), from: null };
}

/** What was chosen and has left the list is not chosen any more: nobody sees it. */
export function within(chosen: Chosen, order: readonly string[]): Chosen {
  if (chosen.ids.size === 0) return chosen;
  const ids = new Set(order.filter((id) => chosen.ids.has(id)));
  return ids.size === chosen.ids.size ? chosen : { ...chosen, ids };
}
