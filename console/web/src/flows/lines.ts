/** What differs between two texts, line by line, with some of what is the same around it. */

import type { DiffLine } from './rows';

const AROUND = 3;

export function compareTexts(before: string, after: string): DiffLine[] {
  return gathered(allLines(before.split('\n'), after.split('\n')));
}

function allLines(before: string[], after: string[]): DiffLine[] {
  let [start, endA, endB] = [0, before.length, after.length];
  while (start < endA && start < endB && before[start] === after[start]) start += 1;
  while (endA > start && endB > start && before[endA - 1] === after[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const same = (text: string, a: number, b: number): DiffLine => ({
    kind: 'same',
    text,
    old: a + 1,
    new: b + 1,
  });
  return [
    ...before.slice(0, start).map((text, n) => same(text, n, n)),
    ...middle(before.slice(start, endA), after.slice(start, endB), start),
    ...before.slice(endA).map((text, n) => same(text, endA + n, endB + n)),
  ];
}

/** The longest common lines of what is left; files of a folder are small. */
function middle(a: string[], b: string[], offset: number): DiffLine[] {
  const longest = table(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]!, old: offset + i + 1, new: offset + j + 1 });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      lines.push({ kind: 'old', text: a[i]!, old: offset + i + 1, new: null });
      i += 1;
    } else {
      lines.push({ kind: 'new', text: b[j]!, old: null, new: offset + j + 1 });
      j += 1;
    }
  }
  return lines;
}

function table(a: string[], b: string[]): Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      rows[i]![j] =
        a[i] === b[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
  return rows;
}

function gathered(lines: DiffLine[]): DiffLine[] {
  const isNear = lines.map(() => false);
  lines.forEach((line, n) => {
    if (line.kind === 'same') return;
    for (let k = Math.max(0, n - AROUND); k <= n + AROUND && k < lines.length; k += 1)
      isNear[k] = true;
  });
  const found: DiffLine[] = [];
  lines.forEach((line, n) => {
    if (isNear[n]) found.push(line);
    else if (isNear[n + 1]) found.push({ kind: 'gap', text: '', old: null, new: null });
  });
  return found;
}

/** The number of the first line that is otherwise than before; null when nothing changed. */
export function firstChanged(before: string, after: string): number | null {
  const old = before.split('\n');
  const at = after.split('\n').findIndex((line, index) => line !== old[index]);
  return at < 0 ? null : at + 1;
}
