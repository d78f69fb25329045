import { describe, expect, test } from 'vitest';
import { askedBy, chosenBy, matching } from '../src/replies/choosing';
import { holesIn, piecesOf, plainOf } from '../src/replies/holes';
import type { SavedReply } from '../src/replies/rows';

const reply = (title: string, shortcut: string | null = null, text = '本文'): SavedReply => ({
  id: title,
  account: null,
  title,
  text,
  shortcut,
  uses: 0,
  used_at: null,
  updated_at: '2026-11-27T01:00:00.000Z',
  updated_by: null,
  version: 1,
  may_change: true,
});

describe('the slash that asks for a saved reply', () => {
  test.each([
    ['', '/', '', { from: 0, to: 1, query: '' }],
    ['', '／', '', { from: 0, to: 1, query: '' }],
    ['お世話になります。\n', '/', '\n敬具', { from: 10, to: 11, query: '' }],
    ['', '／駐車', '', { from: 0, to: 3, query: '駐車' }],
  ])('begins a line that has nothing else: %j + %j', (before, typed, after, asked) => {
    const text = before + typed + after;
    expect(askedBy(text, before.length + typed.length, typed)).toEqual(asked);
  });

  test.each([
    ['https:', '/', ''],
    ['https:/', '/', ''],
    ['11', '/', ''],
    ['10時 ', '／', ''],
    ['', '/', '裏口へどうぞ'],
    ['', 'a', ''],
    ['', '・', ''],
    ['/', '/', ''],
  ])('is only a sign elsewhere: %j + %j + %j', (before, typed, after) => {
    const text = before + typed + after;
    expect(askedBy(text, before.length + typed.length, typed)).toBeNull();
  });

  test('what was typed has to stand there: a box that changed meanwhile asks for nothing', () => {
    expect(askedBy('はい', 1, '/')).toBeNull();
  });
});

describe('the list', () => {
  const all = [reply('お礼', 'thanks'), reply('駐車場', 'P', '裏に３台'), reply('道順', 'park')];
  const found = (query: string) => matching(all, query).map((one) => one.title);

  test('is found by title, text and shortcut, whatever width was typed', () => {
    expect(found('3台')).toEqual(['駐車場']);
    expect(found('ＴＨＡＮＫＳ')).toEqual(['お礼']);
    expect(found('駐車 裏')).toEqual(['駐車場']);
    expect(found('駐車 お礼')).toEqual([]);
    expect(found(' ')).toEqual(['お礼', '駐車場', '道順']);
  });

  test('begins with the shortcut that was typed whole, with its slash or without', () => {
    expect(found('p')).toEqual(['駐車場', '道順']);
    expect(found('/par')).toEqual(['道順']);
    expect(all.map((one) => one.title)).toEqual(['お礼', '駐車場', '道順']);
  });

  test('is walked with the arrows, round its ends, and by no other key', () => {
    expect(chosenBy('ArrowDown', 2, 3)).toBe(0);
    expect(chosenBy('ArrowUp', 0, 3)).toBe(2);
    expect(chosenBy('ArrowDown', 0, 0)).toBeNull();
    expect(chosenBy('a', 0, 3)).toBeNull();
  });
});

describe('holes', () => {
  test('are found where they stand, as JavaScript and LINE count', () => {
    const text = '😊{{お誕生日}}と{{ 電話番号 }}';
    const holes = holesIn(text);
    expect(holes.map((hole) => hole.name)).toEqual(['お誕生日', '電話番号']);
    expect(text.slice(holes[1]!.start, holes[1]!.end)).toBe('{{ 電話番号 }}');
    expect(holesIn('{ {x} } {{}} {{a\nb}} }}{{')).toEqual([]);
  });

  test('are shown by their titles; of the filters only the honorific is words', () => {
    expect(piecesOf('{{name | san}}へ', (path) => `<${path}>`)).toEqual([
      { text: '<name>', isHole: true },
      { text: 'さん', isHole: false },
      { text: 'へ', isHole: false },
    ]);
    expect(plainOf('{{name}}へ\n{{field.x | date}}', (path) => `<${path}>`)).toBe(
      '<name>へ\n<field.x>',
    );
  });
});
