import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { en } from '../src/words/en';
import { ja } from '../src/words/ja';
import { sayIn } from '../src/words/words';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]).sort();

test('both languages have the same words', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
});

test('both languages name the same values in each word', () => {
  for (const [word, text] of Object.entries(ja))
    expect([word, placeholders(en[word as keyof typeof en])]).toEqual([word, placeholders(text)]);
});

test('no word is English in Japanese', () => {
  const english = Object.entries(ja).filter(
    ([word, text]) =>
      !/[぀-ヿ一-鿿]/.test(text) &&
      !/^[^A-Za-z]*$/.test(text.replace(/\{\w+\}/g, '')) &&
      word !== 'me.language',
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
