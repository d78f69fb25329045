import { expect, test } from 'vitest';
import type { FieldSpec } from '../src/desk/house';
import { inputOf, inputText, parseInput, valueWords } from '../src/screen/fields';
import { sayIn } from '../src/words/words';

const t = sayIn('ja');
const field = (type: string, options: string[] = []): FieldSpec => ({
  key: 'x',
  title: 'x',
  type,
  options,
  personal: false,
});

test('each type of the language has its input', () => {
  expect(inputOf(field('choice', ['A']))).toBe('choice');
  expect(inputOf(field('list'))).toBe('several');
  expect(inputOf(field('yesno'))).toBe('yes_no');
  expect(inputOf(field('phone'))).toBe('tel');
  expect(inputOf(field('a type of tomorrow'))).toBe('text');
});

test('a value goes through its input unchanged', () => {
  expect(parseInput(field('list'), inputText(['カット', 'カラー']))).toEqual(['カット', 'カラー']);
  expect(parseInput(field('number'), inputText(3))).toBe(3);
  expect(parseInput(field('text'), inputText('はい'))).toBe('はい');
  expect(parseInput(field('text'), '  ')).toBeNull();
});

test('values are read as words', () => {
  expect(valueWords('yes', t, 'yesno')).toBe('はい');
  expect(valueWords(['A', 'B'], t)).toBe('A、B');
  expect(valueWords('1998-04-02', t, 'date')).toBe('1998年4月2日');
  expect(valueWords('2026-11-30T14:00', t)).toBe('2026年11月30日 14:00');
  expect(valueWords('2026-11-30 ごろ', t)).toBe('2026-11-30 ごろ');
  expect(valueWords(null, t)).toBe('未入力');
});
