import { expect, test } from 'vitest';
import { compareTexts, firstChanged } from '../src/flows/lines';

const short = (before: string[], after: string[]) =>
  compareTexts(before.join('\n'), after.join('\n')).map(
    (line) => `${{ same: ' ', old: '-', new: '+', gap: '~' }[line.kind]}${line.text}`,
  );

test('equal texts differ in nothing', () => {
  expect(short(['a', 'b'], ['a', 'b'])).toEqual([]);
});

test('a changed line stands between three lines of the same', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const after = before.map((line) => (line === '5' ? 'five' : line));
  expect(short(before, after)).toEqual(['~', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8']);
});

test('the lines are numbered on both sides', () => {
  const found = compareTexts('a\nb\nc', 'a\nx\nb\nc');
  expect(found.map(({ old, new: now }) => [old, now])).toEqual([
    [1, 1],
    [null, 2],
    [2, 3],
    [3, 4],
  ]);
});

test('every line of both texts is told when all differ', () => {
  expect(short(['a', 'b'], ['c'])).toEqual(['-a', '-b', '+c']);
  expect(short([''], ['a'])).toEqual(['-', '+a']);
});

test('the first line that changed is known, so that a proposal is seen at once', () => {
  expect(firstChanged('a\nb\n', 'a\nb\n')).toBeNull();
  expect(firstChanged('a\nb\n', 'a\nb, c\n')).toBe(2);
  expect(firstChanged('a\nb', 'a\nb\nc')).toBe(3);
});
