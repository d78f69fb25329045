/** The holes in texts: `{{…}}`, in a saved reply for what is put in, in a reply what is missing. */

import type { Hole } from './rows';

const HOLE = /\{\{([^{}\n]{1,200})\}\}/g;

export interface Piece {
  text: string;
  isHole: boolean;
}

export function holesIn(text: string): Hole[] {
  return [...text.matchAll(HOLE)].map((hit) => ({
    start: hit.index,
    end: hit.index + hit[0].length,
    name: hit[1]!.trim(),
  }));
}

/** The text in pieces, each hole by its title. */
export function piecesOf(text: string, titleOf: (path: string) => string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hole of holesIn(text)) {
    if (hole.start > at) pieces.push({ text: text.slice(at, hole.start), isHole: false });
    pieces.push({ text: titleOf(hole.name.split('|')[0]!.trim()), isHole: true });
    at = hole.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHole: false });
  return pieces;
}
