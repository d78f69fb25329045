import { expect, test } from 'vitest';
import { changesIn, choicesFor, fatesOf, middlesBeside } from '../src/flows/fates';
import type { FlowRow, Foresight, Middle, ReplayCounts } from '../src/flows/rows';

const middle = (flow: string, fates: Record<string, number> = {}): Middle => ({
  flow,
  title: flow,
  people: 0,
  fates,
  whys: {},
});
const foresight = (...middles: Middle[]): Foresight => ({ changed: [], middles, warnings: [] });
const row = (id: string) => ({ id }) as FlowRow;
const NONE: ReplayCounts = {
  runs: 0,
  same: 0,
  other_text: 0,
  other_tags: 0,
  other_end: 0,
  not_accepted: 0,
  diverged: 0,
  unknown: 0,
};

test('who goes on in the new version is told before who stays, and nobody is not told', () => {
  expect(fatesOf(middle('a', { stay: 2, move: 1, stop: 0 }))).toEqual([
    { kind: 'move', count: 1 },
    { kind: 'stay', count: 2 },
  ]);
});

test('people of flows that stay as they are stand apart', () => {
  const seen = foresight(middle('a'), middle('b'));
  expect(middlesBeside(seen, [row('a')]).map((one) => one.flow)).toEqual(['b']);
  expect(middlesBeside(null, [row('a')])).toEqual([]);
});

test('a choice is sent only while somebody is there for it', () => {
  const chosen = { a: 'move', b: 'stop' } as const;
  expect(choicesFor(foresight(middle('a')), chosen)).toEqual({ a: 'move' });
  expect(choicesFor(null, chosen)).toEqual({});
});

test('of past talks, only the flows in which something changes are named', () => {
  const flows = [
    { ...NONE, flow: 'a', runs: 3, same: 3 },
    { ...NONE, flow: 'b', runs: 2, same: 1, not_accepted: 1 },
  ];
  expect(changesIn({ flows, examples: [], summary: { ...NONE, unknown_inputs: 0 } })).toEqual([
    { flow: 'b', counts: [{ kind: 'not_accepted', count: 1 }] },
  ]);
});
