/** Many talks given to one person, or put back into a queue: one after another, with what came of it. */

import { Refusal } from '../desk/api';
import type { Conversation } from '../desk/rows';

export type Target = { operator_id: string } | { queue: string };

export interface Outcome {
  done: number;
  failed: number;
  /** Why the last one that failed could not be given. */
  why: string;
}

type Assign = (
  id: string,
  to: { operator_id: string | null; queue?: string; epoch: number },
) => Promise<Conversation>;

/** What one talk is refused hinders no other; what nobody can reach ends it. */
export async function reassign(
  rows: readonly Conversation[],
  target: Target,
  assign: Assign,
  onDone: (row: Conversation | null, count: number) => void,
): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: 0, why: '' };
  const to = 'queue' in target ? { operator_id: null, queue: target.queue } : target;
  for (const [number, row] of rows.entries()) {
    try {
      const told = await assign(row.id, { ...to, epoch: row.epoch });
      outcome.done += 1;
      onDone(told, number + 1);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        return { ...outcome, failed: rows.length - outcome.done, why: '' };
      }
      outcome.failed += 1;
      outcome.why = error.message;
      onDone(error.details.conversation ?? null, number + 1);
    }
  }
  return outcome;
}
