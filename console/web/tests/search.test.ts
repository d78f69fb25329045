import { describe, expect, test } from 'vitest';
import { isLongEnough, piecesOf, RecentSearches } from '../src/desk/search';
import { aBox } from './given';

describe('what is long enough to search for', () => {
  test.each(['予約', 'あ い', 'a1', 'ｶﾞｷ', '😊😊'])('%s is', (text) => {
    expect(isLongEnough(text)).toBe(true);
  });

  test.each(['', ' ', '予', '予 ', '\u3000', 'ｶﾞ', '😊', '予\u200b'])('「%s」 is not', (text) => {
    expect(isLongEnough(text)).toBe(false);
  });
});

describe('a hit', () => {
  test('is marked by characters, also behind those that are two to JavaScript', () => {
    const text = '😊カットとｶｯﾄ';
    expect(piecesOf({ text, hits: [[1, 4], [5, 8]] })).toEqual([
      { text: '😊', isHit: false },
      { text: 'カット', isHit: true },
      { text: 'と', isHit: false },
      { text: 'ｶｯﾄ', isHit: true },
    ]);
  });

  test('without a place is shown as it is', () => {
    expect(piecesOf({ text: '予約', hits: [] })).toEqual([{ text: '予約', isHit: false }]);
  });
});

describe('recent searches', () => {
  test('the newest is first, each once, and no more than eight', () => {
    const recent = new RecentSearches(aBox(), 'o1');
    for (const text of ['a1', 'a2', 'a1', ...Array.from({ length: 7 }, (_, n) => `b${n}`)])
      recent.add(text);
    expect(recent.list()).toEqual(['b6', 'b5', 'b4', 'b3', 'b2', 'b1', 'b0', 'a1']);
  });

  test('belong to one operator, and are cleared', () => {
    const box = aBox();
    new RecentSearches(box, 'o1').add('予約');
    expect(new RecentSearches(box, 'o2').list()).toEqual([]);
    new RecentSearches(box, 'o1').clear();
    expect(new RecentSearches(box, 'o1').list()).toEqual([]);
  });

  test('what somebody else wrote there is nothing', () => {
    for (const words of ['{', '{"a":1}']) {
      const box = aBox();
      box.write('searches/o1', words);
      expect(new RecentSearches(box, 'o1').list()).toEqual([]);
    }
  });
});
