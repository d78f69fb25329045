import { expect, test } from 'vitest';
import { flowOfHealth, healthFile, parseAsked, searchOf } from '../src/flows/health/asked';
import {
  columnsOf,
  isEmpty,
  lengthOf,
  partsOf,
  share,
  worstStep,
} from '../src/flows/health/figures';
import type { RunFigures, StepFigures } from '../src/flows/health/rows';

const step = (name: string, figures: Partial<StepFigures> = {}): StepFigures => ({
  step: name,
  verb: 'ask',
  text: '',
  is_named: true,
  reached: 0,
  here: 0,
  on: 0,
  left: 0,
  cut_off: 0,
  answered: 0,
  retried: 0,
  wrong: 0,
  gave_up: 0,
  timed_out: 0,
  unanswered: 0,
  ...figures,
});

test('a share of nobody is none, not nought', () => {
  expect([share(0, 0), share(0, 5), share(1, 3), share(5, 5)]).toEqual([null, 0, 33, 100]);
});

test('the worst step loses the most people, and of equal numbers the largest share', () => {
  const steps = [
    step('a', { reached: 100, left: 20 }),
    step('b', { reached: 2, left: 2 }),
    step('c', { reached: 40, left: 20 }),
    step('d', { reached: 3, on: 3 }),
  ];
  expect(worstStep(steps)).toBe('c');
  expect(worstStep([step('d', { reached: 3, on: 3 })])).toBeNull();
});

test('the parts of a bar stand side by side and come to all who reached the step', () => {
  const parts = partsOf(step('a', { reached: 5, on: 2, here: 1, left: 2 }), 10);
  expect(parts).toEqual([
    { kind: 'on', x: 0, width: 20 },
    { kind: 'here', x: 20, width: 10 },
    { kind: 'left', x: 30, width: 20 },
  ]);
  expect(partsOf(step('a'), 0)).toEqual([]);
});

test('a column that says nothing is left out, but for those that every flow has', () => {
  expect(columnsOf([step('a', { gave_up: 1 })])).toEqual([
    'reached', 'answered', 'left', 'here', 'retried', 'gave_up',
  ]); // prettier-ignore
  expect(columnsOf([])).toHaveLength(5);
});

test('a length of time is told in the unit that suits it', () => {
  expect([40, 130, 5400, 200_000].map(lengthOf)).toEqual([
    { unit: 'seconds', count: 40 },
    { unit: 'minutes', count: 2 },
    { unit: 'hours', count: 1.5 },
    { unit: 'days', count: 2.3 },
  ]);
});

test('what is shown stands in the address, and nonsense there is not believed', () => {
  const asked = { days: 90, version: 2, behind: { step: 'age', figure: 'left' as const } };
  expect(parseAsked(searchOf(asked))).toEqual(asked);
  expect(searchOf({ days: 30, version: null, behind: null })).toBe('');
  const plain = { days: 30, version: null, behind: null };
  expect(parseAsked('?days=31&version=x&step=age&figure=begun')).toEqual(plain);
  expect(parseAsked('?version=-1&figure=nonsense')).toEqual(plain);
});

test('health has places of its own among the files', () => {
  expect(flowOfHealth(healthFile(null))).toBeNull();
  expect(flowOfHealth(healthFile('visit'))).toBe('visit');
  expect(flowOfHealth('visit.yaml')).toBeUndefined();
  expect(flowOfHealth(null)).toBeUndefined();
});

test('a flow that is only called is not empty', () => {
  const nobody = { begun: 0 } as RunFigures;
  expect(isEmpty(nobody, [step('a')])).toBe(true);
  expect(isEmpty(nobody, [step('a', { reached: 1 })])).toBe(false);
});
