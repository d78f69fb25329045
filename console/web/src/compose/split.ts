/**
 * A text that is longer than LINE takes, in pieces that it takes. LINE counts UTF-16 units, which is
 * what a string's length is here. A piece ends where a sentence or a line does; where none ends,
 * between two signs as people see them, and never inside one.
 */

import { TEXT_LIMIT } from '../desk/line';

const SENTENCE_END = /(?:[。！？!?…]+[」』）)"'”’]*|\n+|\.(?=\s))\s*/gu;
/** A piece that is shorter than this looks torn off. */
const LEAST_PART = 0.4;

export function splitText(text: string, most = TEXT_LIMIT): string[] {
  const pieces: string[] = [];
  let left = text.trim();
  while (left.length > most) {
    const end = sentenceEnd(left, most) ?? signEnd(left, most);
    pieces.push(left.slice(0, end).trim());
    left = left.slice(end).trim();
  }
  return [...pieces, left].filter((piece) => piece !== '');
}

/** The last end of a sentence whose text, without the blanks behind it, is short enough. */
function sentenceEnd(text: string, most: number): number | null {
  let found: number | null = null;
  for (const match of text.slice(0, most + 1).matchAll(SENTENCE_END)) {
    const end = match.index + match[0].trimEnd().length || match.index + match[0].length;
    if (end <= most && end >= most * LEAST_PART) found = end;
  }
  return found;
}

function signEnd(text: string, most: number): number {
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter('ja').segment(text.slice(0, most + 64))) {
    if (index + segment.length > most) break;
    end = index + segment.length;
  }
  return end || most;
}
