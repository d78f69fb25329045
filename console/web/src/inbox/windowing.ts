/**
 * Which rows of a long list are drawn. All rows are of one height, so where a row stands is told
 * by its number. A short list that is here to its end is drawn whole, so that find-in-page and
 * screen readers have all of it; of a long one, what is near the eye, and the rows that must not go
 * (the focused one).
 */

export const DRAWN_WHOLE = 200;
const AROUND = 8; // rows beyond each edge

export interface Eye {
  top: number;
  height: number;
}

export function drawn(
  count: number,
  rowHeight: number,
  eye: Eye,
  kept: readonly number[],
  isWhole = true,
): number[] {
  if (isWhole && count <= DRAWN_WHOLE) return numbers(0, count);
  const first = Math.max(0, Math.floor(eye.top / rowHeight) - AROUND);
  const last = Math.min(count, Math.ceil((eye.top + eye.height) / rowHeight) + AROUND);
  const start = Math.min(first, Math.max(0, count - 1));
  const inside = numbers(start, Math.max(start, last));
  const outside = kept.filter((n) => n >= 0 && n < count && (n < start || n >= last));
  return [...new Set([...inside, ...outside])].sort((a, b) => a - b);
}

/** Where to scroll so that a row is wholly in sight; null when it is. */
export function scrollFor(index: number, rowHeight: number, eye: Eye): number | null {
  const top = index * rowHeight;
  if (top < eye.top) return top;
  if (top + rowHeight > eye.top + eye.height) return top + rowHeight - eye.height;
  return null;
}

/**
 * Where to scroll so that what is read stays where it is, when the rows become others: the first
 * row in sight that is there after as before. At the very top new rows may come in above.
 */
export function anchored(
  before: readonly string[],
  after: readonly string[],
  rowHeight: number,
  top: number,
): number {
  if (top <= 0 || rowHeight <= 0) return top;
  for (let index = Math.floor(top / rowHeight); index < before.length; index += 1) {
    const now = after.indexOf(before[index]!);
    if (now >= 0) return Math.max(0, top + (now - index) * rowHeight);
  }
  return top;
}

const numbers = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, n) => start + n);
