/** A book of words: one language at a time, and none is shown before it is there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Book, fetchWords } from '../src/words/book';

const asked: string[] = [];
const open = (name: string, fails = 0) =>
  new Book<'hello'>({
    ja: async () => {
      asked.push(`${name} ja`);
      if (fails-- > 0) throw new Error('the line is dead');
      return { ja: { hello: `こんにちは、{who}さん` } };
    },
    en: async () => {
      asked.push(`${name} en`);
      return { en: { hello: 'Hello, {who}' } };
    },
  });

test('a language is fetched once, and only when somebody speaks it', async () => {
  const book = open('a');
  await fetchWords('ja');
  await fetchWords('ja');

  expect(asked).toEqual(['a ja']);
  expect(book.say('ja', 'hello', { who: '見本' })).toBe('こんにちは、見本さん');
  expect(book.speaks('en')).toBe(false);

  await fetchWords('en');
  expect(book.say('en', 'hello', { who: 'Sample' })).toBe('Hello, Sample');
  expect([book.has('hello'), book.has('bye')]).toEqual([true, false]);
});

test('a book that opens while others are fetched comes with them', async () => {
  const first = open('b');
  const fetching = fetchWords('ja');
  const second = open('c');
  await fetching;

  expect([first, second].map((one) => one.speaks('ja'))).toEqual([true, true]);
});

test('what the line refused is fetched when it is asked again', async () => {
  const book = open('d', 1);
  await expect(fetchWords('ja')).rejects.toThrow('dead');
  expect(book.speaks('ja')).toBe(false);

  await fetchWords('ja');
  expect(book.speaks('ja')).toBe(true);
});

/** Without their words they would show the names of the words. */
test('every part that comes later brings its words', () => {
  const SRC = new URL('../src', import.meta.url).pathname;
  const WITHOUT = ['words/first.ts', 'words/ja_first.ts', 'words/en_first.ts'];
  const alone = (readdirSync(SRC, { recursive: true }) as string[])
    .filter((file) => /\.(ts|svelte)$/.test(file) && !WITHOUT.includes(file))
    .flatMap((file) =>
      readFileSync(join(SRC, file), 'utf8')
        .split('\n')
        .filter((line) => /[^.\w]import\(/.test(line) && !/typeof import\(|_(ja|en)'\)/.test(line))
        .filter((line) => !/bring\(|Part\(|load=\{|part\(/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(alone).toEqual([]);
});
