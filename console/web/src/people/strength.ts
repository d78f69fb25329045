/**
 * How hard a password is to guess, roughly, while it is typed. Only a hint: what is refused is
 * decided by the server, which knows the list of common ones. Nothing leaves the browser here.
 */

export const MIN_LENGTH = 12;

export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'good';

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const FAIR_BITS = 50;
const FORESEEN = 0.15; // what a sign is worth that follows from those before it
const GOOD_BITS = 70;

export function strengthOf(password: string, ownWords: string[] = []): Strength {
  if (password === '') return 'empty';
  if ([...password].length < MIN_LENGTH) return 'short';
  const folded = password.normalize('NFKC').toLowerCase();
  if (ownWords.some((word) => word.length >= 3 && folded.includes(word.toLowerCase()))) return 'weak';
  const bits = bitsOf(password);
  return bits < FAIR_BITS ? 'weak' : bits < GOOD_BITS ? 'fair' : 'good';
}

/** Bits for each sign that is not foreseen by the one before it, or by a repetition. */
function bitsOf(password: string): number {
  const signs = [...password];
  const perSign = Math.log2(alphabetOf(password));
  const worth = signs.map((_, at) => (isForeseen(signs, at) ? FORESEEN : 1));
  return perSign * worth.reduce((sum, one) => sum + one, 0);
}

function isForeseen(signs: string[], at: number): boolean {
  const sign = signs[at]!.toLowerCase();
  const before = signs[at - 1]?.toLowerCase();
  if (before === undefined) return false;
  if (sign === before || ROWS.some((row) => isNext(row, before, sign))) return true;
  const pair = before + sign;
  return signs.slice(0, at).join('').toLowerCase().slice(0, -1).includes(pair);
}

const isNext = (row: string, before: string, sign: string) =>
  row.includes(before + sign) || row.includes(sign + before);

function alphabetOf(password: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^A-Za-z0-9\u0080-\uffff]/, 32],
    [/[\u0080-\uffff]/, 100],
  ];
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
}
