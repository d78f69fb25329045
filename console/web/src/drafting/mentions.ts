/** Colleagues whom a note calls: found by what is typed after `@`, and seen again in the text. */

import type { Operator } from '../desk/house';

/** Where a name is being typed: from the `@` to the caret. */
export interface Calling {
  from: number;
  to: number;
  query: string;
}

const LONGEST_QUERY = 20;
const BEFORE = /[\s、。,.()「」『』（）\n]/;

/** Whether the caret stands in a name that is being called. An address is no call. */
export function callingAt(text: string, caret: number): Calling | null {
  const before = text.slice(0, caret);
  const from = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'));
  if (from < 0) return null;
  const query = before.slice(from + 1);
  const left = before[from - 1];
  const isWord = left !== undefined && !BEFORE.test(left) && /[\w.+-]/.test(left);
  if (isWord || query.length > LONGEST_QUERY || /[\n@＠]/.test(query)) return null;
  return { from, to: caret, query };
}

/** Those whose name holds what was typed: kana of either kind, of any width and case. */
export function matchingPeople(people: readonly Operator[], query: string): Operator[] {
  const wanted = folded(query);
  return people.filter((one) => folded(one.name).includes(wanted));
}

/** One writing for all: NFKC, small letters, katakana as hiragana, no spaces. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}

/** The ids of those whose call still stands in the text. */
export function calledIn(text: string, people: readonly { id: string; name: string }[]): string[] {
  const ids = people.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id);
  return [...new Set(ids)];
}

/**
 * Whom a note calls once it has other words. before: whom it called, who stay while their name
 * stands there; of a colleague who is in no list any more nobody here knows the name, so they stay.
 */
export function calledStill(
  text: string,
  before: readonly string[],
  anew: readonly { id: string; name: string }[],
  nameOf: (id: string) => string | null,
): string[] {
  const strangers = before.filter((id) => nameOf(id) === null);
  const known = before.flatMap((id) => ({ id, name: nameOf(id) ?? '' }));
  const named = calledIn(text, [...known.filter((one) => one.name !== ''), ...anew]);
  return [...new Set([...strangers, ...named])];
}

export type Piece = { text: string; id: string | null };

/** A note's text in pieces: the names that were called, and what is between. */
export function piecesOf(
  text: string,
  mentions: readonly string[],
  nameOf: (id: string) => string | null,
): Piece[] {
  const called = mentions.flatMap((id) => {
    const name = nameOf(id);
    return name === null ? [] : [{ id, sign: `@${name}` }];
  });
  // The longest first: a name may be the beginning of another.
  called.sort((a, b) => b.sign.length - a.sign.length);
  const pieces: Piece[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const found = called.find((one) => text.startsWith(one.sign, at));
    if (found === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, id: null });
    pieces.push({ text: found.sign, id: found.id });
    plain = '';
    at += found.sign.length;
  }
  if (plain !== '') pieces.push({ text: plain, id: null });
  return pieces;
}
