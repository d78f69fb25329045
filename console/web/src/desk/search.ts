/**
 * Searching: what is long enough to search for, how a hit is drawn, and what was searched for last.
 * The server folds and finds; offsets are of characters, not of JavaScript's half characters.
 */

import type { Box } from './box';
import type { SearchHit } from './rows';

export const HIT_KINDS = ['customers', 'messages', 'notes'] as const;
export type HitKind = (typeof HIT_KINDS)[number];

export const LONGEST = 100;
const SHORTEST = 2;
const MOST_KEPT = 8;
const UNSEEN = /[\s\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;

export interface Piece {
  text: string;
  isHit: boolean;
}

/** Whether the server would search for this; it decides in the end. */
export function isLongEnough(text: string): boolean {
  return [...text.normalize('NFKC').replace(UNSEEN, '')].length >= SHORTEST;
}

/** A hit's text in pieces, those that were searched for marked. */
export function piecesOf({ text, hits }: Pick<SearchHit, 'text' | 'hits'>): Piece[] {
  const signs = [...text];
  const pieces: Piece[] = [];
  let last = 0;
  for (const [start, end] of hits) {
    pieces.push({ text: signs.slice(last, start).join(''), isHit: false });
    pieces.push({ text: signs.slice(start, end).join(''), isHit: true });
    last = end;
  }
  pieces.push({ text: signs.slice(last).join(''), isHit: false });
  return pieces.filter((piece) => piece.text !== '');
}

/** What this operator searched for last, newest first; it never leaves this browser. */
export class RecentSearches {
  readonly #key: string;

  constructor(
    private readonly box: Box,
    operatorId: string,
  ) {
    this.#key = `searches/${operatorId}`;
  }

  list(): string[] {
    return this.box.listed(this.#key, (one) => typeof one === 'string');
  }

  add(text: string): void {
    const others = this.list().filter((one) => one !== text);
    this.box.write(this.#key, JSON.stringify([text, ...others].slice(0, MOST_KEPT)));
  }

  clear(): void {
    this.box.remove(this.#key);
  }
}
