/** How a person is shown in small: one sign and one colour, the same every time. */

const TINTS = 6;
const SAMPLE = /^見本\s*/; // the names of samples all begin alike: the sign after it tells them apart

export function initialOf(name: string): string {
  const shown = name.replace(SAMPLE, '').trim() || name.trim();
  const first = new Intl.Segmenter('ja', { granularity: 'grapheme' })
    .segment(shown)
    [Symbol.iterator]();
  return (first.next().value?.segment ?? '?').toUpperCase();
}

export function tintOf(id: string): number {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.charCodeAt(0)) % 997;
  return sum % TINTS;
}
