import { expect, test } from 'vitest';
import type { Problem } from '../src/flows/rows';
import { remedyOf, spanOf, stepAt } from '../src/flows/spots';

const problem = (line: number, column: number, slip: Problem['slip'] = null): Problem => ({
  file: 'a.yaml',
  line,
  column,
  code: 'F002',
  severity: 'E',
  message: 'a message',
  hint: 'a hint',
  why: 'a reason',
  slip,
});
const LINES = ['flow: a', '  - say: 👍👍 choises: [x]', '    choises: [10代]'];
const SLIP = { word: 'choises', near: 'choices' };
const text = LINES.join('\n');

test('a problem is marked from its sign to the end of its word', () => {
  const { from, to } = spanOf(LINES, problem(3, 5));
  expect(text.slice(from, to)).toBe('choises');
});

test('columns count signs: an emoji is one, though it is two units', () => {
  const { from, to } = spanOf(LINES, problem(2, 13));
  expect(text.slice(from, to)).toBe('choises');
});

test('a problem behind the end of the text still has a place', () => {
  expect(spanOf(LINES, problem(99, 1))).toEqual({ from: text.length - LINES[2]!.length, to: text.length - LINES[2]!.length + 1 });
  expect(spanOf([''], problem(1, 1))).toEqual({ from: 0, to: 0 });
});

test('the word that was meant is put where the wrong one stands', () => {
  const found = remedyOf(LINES, problem(3, 5, SLIP));
  expect(found).not.toBeNull();
  const { from, to, insert } = found!;
  expect(text.slice(0, from) + insert + text.slice(to)).toContain('    choices: [10代]');
});

test('another word than the one that is named is left alone', () => {
  const found = remedyOf(LINES, problem(3, 14, SLIP));
  expect(found).toBeNull();
});

test('a problem that is no slip is no click', () => {
  expect(remedyOf(LINES, problem(3, 5))).toBeNull();
});

test('a line belongs to the step that it stands in', () => {
  const nodes = [
    { step: 'a', line: 3, end_line: 5 },
    { step: 'b', line: 7, end_line: 7 },
  ];
  expect(stepAt(nodes, 4)?.step).toBe('a');
  expect(stepAt(nodes, 6)).toBeNull();
  expect(stepAt(nodes, 7)?.step).toBe('b');
});
