/** FAQ entries as a form has them: ways to ask one a line, a search, a name for a new entry. */

import type { FaqRow } from './rows';

/** One way to ask for each line; empty lines, and what stands there already, are left out. */
export function readAsks(lines: string): string[] {
  const asks = lines.split('\n').map((line) => line.trim());
  return [...new Set(asks.filter((line) => line !== ''))];
}

export const writeAsks = (asks: string[]) => asks.filter((ask) => ask !== '').join('\n');

/** A form has one line for each; what was written over several lines stays with the text. */
export const isInLines = (row: FaqRow) => row.ask.some((ask) => ask.includes('\n'));

const plain = (text: string) => text.normalize('NFKC').toLowerCase();

/** The numbers of the entries that say all these words somewhere. */
export function search(rows: FaqRow[], query: string): number[] {
  const words = plain(query).split(/\s+/).filter((word) => word !== '');
  return rows.flatMap((row, number) => {
    const said = plain([row.id, ...row.ask, row.answer, row.tag ?? ''].join('\n'));
    return words.every((word) => said.includes(word)) ? [number] : [];
  });
}

export function newId(rows: FaqRow[]): string {
  const taken = new Set(rows.map((row) => row.id));
  let number = rows.length + 1;
  while (taken.has(`q${number}`)) number += 1;
  return `q${number}`;
}

/** An answer as it is shown: texts and holes. */
export function holes(answer: string): { text: string; isHole: boolean }[] {
  return answer
    .split(/(\{\{[^}]*\}\})/)
    .filter((text) => text !== '')
    .map((text) => ({ text, isHole: text.startsWith('{{') }));
}

/** The line breaks at the end of a text in the file, which nobody sees. */
export const endOf = (text: string) => /\n*$/.exec(text)?.[0] ?? '';
