/** Every word of a catalogue is said somewhere: what nobody says any more is deleted. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = new URL('../src', import.meta.url).pathname;
const CATALOGUE = /(^|[/_])(ja|en)\.ts$/;
const files = (readdirSync(SRC, { recursive: true }) as string[]).filter((one) => /\.(ts|svelte)$/.test(one));
const source = files
  .filter((one) => !CATALOGUE.test(one))
  .map((one) => readFileSync(join(SRC, one), 'utf8'))
  .join('\n');

/** Named as it stands, or put together as `kind.${kind}`. */
const named = new Set([...source.matchAll(/['"`]([\w.]+)['"`]/g)].map((found) => found[1]!));
const beginnings = [...source.matchAll(/`([\w.]+)\$\{/g)].map((found) => found[1]!);

function isSaid(word: string): boolean {
  const plain = word.replace(/\.one$/, ''); // a single thing, in English
  return named.has(plain) || beginnings.some((one) => plain.startsWith(one));
}

test.each(files.filter((one) => CATALOGUE.test(one)))('%s has no word that nobody says', (file) => {
  const words = [...readFileSync(join(SRC, file), 'utf8').matchAll(/^ {2}'([^']+)':/gm)].map((found) => found[1]!);
  expect(words.filter((word) => !isSaid(word))).toEqual([]);
});
