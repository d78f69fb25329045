import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { en } from '../src/words/en';
import { ja } from '../src/words/ja';
import { sayIn } from '../src/words/words';
import { en as castEn } from '../src/broadcasts/words_en';
import { ja as castJa } from '../src/broadcasts/words_ja';
import { en as flowEn } from '../src/flows/words_en';
import { ja as flowJa } from '../src/flows/words_ja';
import { en as peopleEn } from '../src/people/words_en';
import { ja as peopleJa } from '../src/people/words_ja';
import { en as formEn } from '../src/flows/house/words_en';
import { ja as formJa } from '../src/flows/house/words_ja';
import { en as healthEn } from '../src/flows/health/words_en';
import { ja as healthJa } from '../src/flows/health/words_ja';
import { en as noticeEn } from '../src/notices/words_en';
import { ja as noticeJa } from '../src/notices/words_ja';
import { en as toldEn } from '../src/notices/told_en';
import { ja as toldJa } from '../src/notices/told_ja';
import { en as replyEn } from '../src/replies/words_en';
import { ja as replyJa } from '../src/replies/words_ja';
import { en as keyEn } from '../src/keys/words_en';
import { ja as keyJa } from '../src/keys/words_ja';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]).sort();

const CATALOGUES: [string, Record<string, string>, Record<string, string>][] = [
  ['the console', ja, en],
  ['broadcasts', castJa, castEn],
  ['the flows', flowJa, flowEn],
  ['the forms', formJa, formEn],
  ["the bot's health", healthJa, healthEn],
  ['notices', noticeJa, noticeEn],
  ['what is told', toldJa, toldEn],
  ['saved replies', replyJa, replyEn],
  ['the people', peopleJa, peopleEn],
  ['the keys', keyJa, keyEn],
];

test.each(CATALOGUES)('both languages have the same words: %s', (_, japanese, english) => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(japanese).sort());
});

test.each(CATALOGUES)('both languages name the same values: %s', (_, japanese, english) => {
  for (const [word, text] of Object.entries(japanese))
    expect([word, placeholders(english[word]!)]).toEqual([word, placeholders(text)]);
});

test.each(CATALOGUES)('no word is English in Japanese: %s', (_, japanese) => {
  const english = Object.entries(japanese).filter(
    ([word, text]) =>
      !/[぀-ヿ一-鿿]/.test(text) &&
      !/^[^A-Za-z]*$/.test(text.replace(/\{\w+\}/g, '')) &&
      word !== 'me.language' &&
      text !== 'LINE',
  );
  expect(english).toEqual([]);
});

test('the words of the glossary stand as they are there', () => {
  expect(ja['status.waiting']).toBe('要対応');
  expect(ja['status.pending']).toBe('お客様の返信待ち');
  expect(ja['status.done']).toBe('対応済み');
  expect(ja['move.take']).toBe('有人対応に切り替える');
  expect(ja['move.return']).toBe('ボットに戻す');
  expect(ja['delivery.maybe_sent']).toBe('届いていない可能性があります');
  expect(ja['note.hidden']).toBe('お客様には見えません');
});

test('values are put where the sentence wants them', () => {
  expect(sayIn('ja')('wait.minutes', { count: 24 })).toBe('24分待ち');
  expect(sayIn('en')('wait.minutes', { count: 24 })).toBe('waits 24 min');
});

test('every icon and every style comes from a file: the page has nothing inline', () => {
  const page = readFileSync(new URL('../index.html', import.meta.url), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
});
