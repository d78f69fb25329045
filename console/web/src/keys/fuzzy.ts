/**
 * Finding a command by what one remembers of it: half-width or full, hiragana or katakana, the
 * reading in Latin letters, or the first letters of its words.
 */

import { toKana } from './romaji';

/** How well `query` names what is called `names`; 0 is not at all. */
export function score(query: string, names: readonly string[]): number {
  const wanted = fold(query);
  if (wanted === '') return 1;
  const spoken = toKana(wanted);
  return Math.max(...names.map(fold).flatMap((name) => [rate(wanted, name), rate(spoken, name)]));
}

/** One sign for what means the same. */
export function fold(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return plain.replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}

const BEGINS = 4;
const WORD_BEGINS = 3;
const HAS = 2;
const SKIPS = 1;
const SHORTEST_SKIPPING = 2;

function rate(wanted: string, name: string): number {
  if (name.startsWith(wanted)) return BEGINS;
  if (name.includes(` ${wanted}`)) return WORD_BEGINS;
  if (name.includes(wanted)) return HAS;
  return wanted.length >= SHORTEST_SKIPPING && initials(name).includes(wanted) ? SKIPS : 0;
}

/** "go to needs reply" is also gtnr. */
const initials = (name: string) =>
  name
    .split(' ')
    .map((word) => word[0] ?? '')
    .join('');
