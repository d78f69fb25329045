import { describe, expect, test } from 'vitest';
import { EMOJI, findEmoji, GROUPS } from '../src/compose/emoji_list';
import { signsOf } from '../src/compose/signs';
import { splitText } from '../src/compose/split';
import { en } from '../src/compose/words_en';
import { ja } from '../src/compose/words_ja';

describe('a text that is too long', () => {
  test('is split where a sentence ends, and nothing of it is lost', () => {
    const text = '一つ目の文です。二つ目の文です!三つ目?\n四つ目の文です。'.repeat(9);

    const pieces = splitText(text, 100);

    expect(pieces.every((piece) => piece.length <= 100)).toBe(true);
    expect(pieces.slice(0, -1).every((piece) => /[。!?]$/.test(piece))).toBe(true);
    expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  test('keeps a closing bracket with its sentence', () => {
    expect(splitText('「これは長い文です。」つぎ', 12)).toEqual(['「これは長い文です。」', 'つぎ']);
  });

  test('without an end of a sentence is never cut inside what people see as one sign', () => {
    const family = '👨‍👩‍👧';
    const pieces = splitText(family.repeat(30), 20);

    expect(pieces.every((piece) => piece.length <= 20 && piece.length % family.length === 0)).toBe(
      true,
    );
    expect(pieces.join('')).toBe(family.repeat(30));
    expect(splitText('が'.repeat(7), 3).join('')).toBe('が'.repeat(7));
  });

  test('that is short enough stays whole', () => {
    expect(splitText('みじかい。文。')).toEqual(['みじかい。文。']);
  });
});

describe('emoji', () => {
  test('are found in kana, kanji and English, and by all words at once', () => {
    const signs = (query: string) => findEmoji(query).map((one) => one.sign);

    expect(signs('さくら')).toEqual(['🌸']);
    expect(signs('サクラ')).toEqual(['🌸']);
    expect(signs('桜')).toEqual(['🌸']);
    expect(signs('Cherry')).toEqual(['🌸']);
    expect(signs('ハート 青')).toEqual(['💙']);
    expect(signs('なにもない')).toEqual([]);
  });

  test('each has a name in both languages and stands once', () => {
    const all = GROUPS.flatMap((group) => EMOJI[group]);

    expect(all.every((one) => one.sign && one.ja && one.en && signsOf(one.sign) === 1)).toBe(true);
    expect(new Set(all.map((one) => one.sign)).size).toBe(all.length);
  });
});

test('labels are counted as LINE counts them', () => {
  expect([signsOf('はい'), signsOf('👨‍👩‍👧'), signsOf('が')]).toEqual([2, 1, 1]);
});

test('every word of the composer is said in both languages, with the same values', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

  expect(Object.keys(en)).toEqual(Object.keys(ja));
  for (const key of Object.keys(ja) as (keyof typeof ja)[])
    expect(holes(en[key]), key).toEqual(holes(ja[key]));
});
