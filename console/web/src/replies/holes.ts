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
    const [path, ...filters] = hole.name.split('|').map((part) => part.trim());
    pieces.push({ text: titleOf(path!), isHole: true });
    if (filters.includes('san')) pieces.push({ text: 'さん', isHole: false });
    at = hole.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHole: false });
  return pieces;
}

/** The text in one line's words. */
export const plainOf = (text: string, titleOf: (path: string) => string): string =>
  piecesOf(text, titleOf)
    .map((piece) => piece.text)
    .join('');
