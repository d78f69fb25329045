/** Where a problem stands in the text, and the mending that is only a click. */

import type { Problem } from './rows';

export interface Span {
  from: number;
  to: number;
}

export interface Remedy extends Span {
  insert: string;
}

const WORD = /^[^\s:,[\]{}"']+/;

/** The letters to be marked, as offsets. The server counts signs (code points), not UTF-16 units. */
export function spanOf(lines: readonly string[], problem: Problem): Span {
  const number = Math.min(Math.max(problem.line, 1), Math.max(lines.length, 1));
  const line = lines[number - 1] ?? '';
  const start = lines.slice(0, number - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const before = [...line].slice(0, problem.column - 1).join('').length;
  const word = WORD.exec(line.slice(before))?.[0] ?? '';
  const from = start + Math.min(before, line.length);
  const end = start + line.length;
  return { from, to: Math.min(end, from + Math.max(word.length, from < end ? 1 : 0)) };
}

/** The word that was meant, put where the wrong one stands; only that very word is replaced. */
export function remedyOf(lines: readonly string[], problem: Problem): Remedy | null {
  const { from, to } = spanOf(lines, problem);
  const marked = lines.join('\n').slice(from, to);
  if (problem.slip === null || marked !== problem.slip.word) return null;
  return { from, to, insert: problem.slip.near };
}

/** The step that a line belongs to. */
export function stepAt<T extends { line: number; end_line: number }>(
  nodes: readonly T[],
  line: number,
): T | null {
  return nodes.find((node) => node.line <= line && line <= node.end_line) ?? null;
}
