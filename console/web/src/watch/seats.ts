/** Who is at the console stands first; of them, who holds most. */

import type { Seat } from './rows';

const PLACE: Record<Seat['there'], number> = { here: 0, away: 1, gone: 2 };

export function inOrder(people: readonly Seat[]): Seat[] {
  return [...people].sort(
    (a, b) =>
      PLACE[a.there] - PLACE[b.there] ||
      b.active - a.active ||
      b.pending - a.pending ||
      (a.name < b.name ? -1 : 1),
  );
}
