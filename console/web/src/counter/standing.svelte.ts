/** Who is at the counter, as the server said last. Presence moves, so it is asked for when shown. */

import { calls } from './calls';
import type { Colleague, StandingChange } from './rows';

const FRESH_MS = 3000;

export const colleagues = $state<{ items: Colleague[]; at: number }>({ items: [], at: 0 });

/** Ask again, unless that was a moment ago. What cannot be reached leaves it as it is. */
export async function refreshColleagues(isForced = false): Promise<void> {
  if (!isForced && Date.now() - colleagues.at < FRESH_MS) return;
  colleagues.at = Date.now();
  await calls.people().then(
    ({ items }) => (colleagues.items = items),
    () => null,
  );
}

/** Say of oneself or of another how they stand; how many talks went to a queue. */
export async function stand(id: string, change: StandingChange): Promise<number> {
  const { moved, ...row } = await calls.stand(id, change);
  colleagues.items = colleagues.items.map((one) => (one.id === id ? row : one));
  void refreshColleagues(true);
  return moved;
}

export const colleague = (id: string): Colleague | undefined =>
  colleagues.items.find((one) => one.id === id);
