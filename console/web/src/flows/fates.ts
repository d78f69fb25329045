/** What becomes of those in the middle of a flow, and of talks of the past, in words. */

import type { Foresight, FlowRow, How, Middle, ReplayGroup, ReplayReport } from './rows';

export const HOWS: How[] = ['finish', 'move', 'restart', 'stop'];
const FATES = ['same', 'move', 'enter', 'restart', 'stop', 'stay'] as const;
export const GROUPS: ReplayGroup[] = [
  'other_text',
  'other_tags',
  'other_end',
  'not_accepted',
  'diverged',
  'unknown',
];

export interface Count<K> {
  kind: K;
  count: number;
}

/** In the order in which they are told: who goes on in the new version first. */
export function fatesOf(middle: Middle): Count<(typeof FATES)[number]>[] {
  return FATES.map((kind) => ({ kind, count: middle.fates[kind] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
}

/** Those of flows that this publish does not change: they stand in a version from before. */
export function middlesBeside(foresight: Foresight | null, changed: FlowRow[]): Middle[] {
  const ids = new Set(changed.map((row) => row.id));
  return (foresight?.middles ?? []).filter((middle) => !ids.has(middle.flow));
}

/** Only the choices that somebody is there for. */
export function choicesFor(
  foresight: Foresight | null,
  chosen: Record<string, How>,
): Record<string, How> {
  const ids = new Set((foresight?.middles ?? []).map((middle) => middle.flow));
  return Object.fromEntries(Object.entries(chosen).filter(([id]) => ids.has(id)));
}

/** The flows in which something would be otherwise, each with how many talks of each kind. */
export function changesIn(report: ReplayReport): { flow: string; counts: Count<ReplayGroup>[] }[] {
  return report.flows
    .map((row) => ({
      flow: row.flow,
      counts: GROUPS.map((kind) => ({ kind, count: row[kind] })).filter(({ count }) => count > 0),
    }))
    .filter(({ counts }) => counts.length > 0);
}
