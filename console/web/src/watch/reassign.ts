/** Many talks given to one person, or put back into a queue: some in each call, with what came of it. */

import type { Conversation } from '../desk/rows';
import type { Deed, Outcome as Fate, Target as Talk } from '../inbox/rows';

export type Target = { operator_id: string } | { queue: string };

export interface Outcome {
  done: number;
  failed: number;
  /** Why the last one that failed could not be given. */
  why: string;
}

type Bulk = (talks: Talk[], deed: Deed) => Promise<{ items: Fate[] }>;

const AT_ONCE = 50; // so that what is done is seen to go on
const FINE = new Set(['done', 'same']);

/** What one talk is refused hinders no other; a call that is not answered ends it. */
export async function reassign(
  rows: readonly Conversation[],
  target: Target,
  bulk: Bulk,
  onDone: (told: readonly Conversation[], count: number) => void,
): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: 0, why: '' };
  const to = 'queue' in target ? { operator_id: null, queue: target.queue } : target;
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    try {
      const { items } = await bulk(some.map(talkOf), { action: 'assign', ...to });
      const refused = items.filter((one) => !FINE.has(one.code));
      outcome.done += items.length - refused.length;
      outcome.failed += refused.length;
      outcome.why = refused.at(-1)?.message ?? outcome.why;
      const told = items.flatMap((one) => one.conversation ?? []);
      onDone(told, start + some.length);
    } catch {
      return { ...outcome, failed: rows.length - outcome.done, why: '' };
    }
  }
  return outcome;
}

const talkOf = (row: Conversation): Talk => ({ id: row.id, epoch: row.epoch, seq: row.last_seq });
