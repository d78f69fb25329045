/** How many talks fared, added up. */

import type { Outcome } from './rows';

export interface Result {
  done: Outcome[];
  /** It was so already. */
  same: number;
  failed: { id: string; reason: string | null }[];
  /** The most frequent first; reason null: no answer. */
  reasons: { reason: string | null; count: number }[];
  /** Not begun, because somebody stopped it. */
  rest: number;
}

export function resultOf(
  outcomes: readonly Outcome[],
  unreached: readonly string[],
  rest: number,
): Result {
  const refused = outcomes
    .filter(({ code }) => code !== 'done' && code !== 'same')
    .map(({ id, message, code }) => ({ id, reason: message ?? code }));
  const failed = [...refused, ...unreached.map((id) => ({ id, reason: null }))];
  return {
    done: outcomes.filter(({ code }) => code === 'done'),
    same: outcomes.filter(({ code }) => code === 'same').length,
    failed,
    reasons: counts(failed.map(({ reason }) => reason)),
    rest,
  };
}

function counts(reasons: readonly (string | null)[]): Result['reasons'] {
  const found = new Map<string | null, number>();
  for (const reason of reasons) found.set(reason, (found.get(reason) ?? 0) + 1);
  return [...found]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count);
}
