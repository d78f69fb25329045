/** Opening hours as people type them and as the file has them. The clock runs on to 48:00. */

import type { Flat, Hours, Span } from './rows';

const DAY = 24 * 60;
const LATEST = 2 * DAY;

/** Minutes of `9:00`, `０９：００`, `900`, `26:00` or `翌2:00`; null for what is no time. */
export function readClock(typed: string): number | null {
  const plain = typed.normalize('NFKC').replace(/\s/g, '');
  const found = /^(翌)?(\d{1,2}):?(\d\d)$/.exec(plain) ?? /^(翌)?(\d{1,2})時?$/.exec(plain);
  if (found === null) return null;
  const [hours, minutes] = [Number(found[2]), Number(found[3] ?? 0)];
  const all = hours * 60 + minutes + (found[1] === undefined ? 0 : DAY);
  return minutes < 60 && all <= LATEST ? all : null;
}

export function writeClock(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** As the file has it, or null: a beginning is within the day, an end may be on the next. */
export function readSpan(start: string, end: string): Span | null {
  const [from, to] = [readClock(start), readClock(end)];
  if (from === null || to === null || from >= DAY) return null;
  return { start: writeClock(from), end: writeClock(to) };
}

/** The end on the next day's clock, when it is there: `26:00` and `02:00` after `18:00` → `2:00`. */
export function nextDay(span: Span): string | null {
  const [from, to] = [readClock(span.start), readClock(span.end)];
  if (from === null || to === null || (to > from && to <= DAY)) return null;
  const over = to > DAY ? to - DAY : to;
  return `${Math.floor(over / 60)}:${writeClock(over).slice(3)}`;
}

export function valueOf(spans: Span[]): Flat {
  const texts = spans.map((span) => `${span.start}-${span.end}`);
  return texts.length === 0 ? 'closed' : texts.length === 1 ? texts[0]! : texts;
}

/** The same hours as they stand in the file. */
export function valueOfHours(hours: Hours): Flat {
  if (hours.kind === 'like') return `like ${hours.like}`;
  return hours.kind === 'spans' ? valueOf(hours.spans) : 'closed';
}

/** One more after the others: two hours from the last end on, an hour's rest between. */
export function oneMore(spans: Span[]): Span {
  const last = spans.at(-1);
  const end = last === undefined ? null : readClock(last.end);
  if (end === null || end + 60 >= DAY) return { start: '10:00', end: '19:00' };
  return { start: writeClock(end + 60), end: writeClock(end + 180) };
}

/** The key of an exception; null when the days are none, or the wrong way round. */
export function keyOf(first: string, last: string): string | null {
  const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);
  if (!isDay(first) || (last !== '' && !isDay(last)) || (last !== '' && last < first)) return null;
  return last === '' || last === first ? first : `${first}..${last}`;
}

/** The month before or after, as `2026-12`. */
export function monthFrom(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const all = year * 12 + number - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
}
