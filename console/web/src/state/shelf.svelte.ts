/** The rows of this browser, as a value that the screen follows. */

import { Shelf } from '../desk/shelf';

const kept = new Shelf();
let changes = $state(0);
let isTold = false;

/** The rows; whoever reads them on the screen is drawn again when they change. */
export function shelf(): Shelf {
  void changes;
  return kept;
}

/** Change the rows; many changes in one turn of the browser are drawn once. */
export function shelve<T>(change: (rows: Shelf) => T): T {
  const answer = change(kept);
  if (!isTold) {
    isTold = true;
    queueMicrotask(() => {
      isTold = false;
      changes += 1;
    });
  }
  return answer;
}
