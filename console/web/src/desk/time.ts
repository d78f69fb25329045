/** Moments as people read them, in the organisation's own time zone. */

export type Language = 'ja' | 'en';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export class Clock {
  #formats = new Map<string, Intl.DateTimeFormat>();

  constructor(
    readonly zone: string,
    readonly language: Language,
  ) {}

  /** 10:23 */
  time(at: string | number): string {
    return this.#format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  }

  /** 11月21日(土), with the year when it is not this one. */
  day(at: string | number, now: number): string {
    const isThisYear = this.#date(at).slice(0, 4) === this.#date(now).slice(0, 4);
    return this.#format(at, {
      ...(isThisYear ? {} : { year: 'numeric' }),
      month: this.language === 'ja' ? 'long' : 'short',
      day: 'numeric',
      weekday: 'short',
    });
  }

  /** 10:23 today, 11月18日 before. */
  short(at: string | number, now: number): string {
    if (this.isSameDay(at, now)) return this.time(at);
    const isThisYear = this.#date(at).slice(0, 4) === this.#date(now).slice(0, 4);
    const month = this.language === 'ja' ? 'long' : 'short';
    return this.#format(at, {
      ...(isThisYear ? {} : { year: 'numeric' }),
      month,
      day: 'numeric',
    });
  }

  /** The whole moment, for a title. */
  full(at: string | number): string {
    return this.#format(at, { dateStyle: 'long', timeStyle: 'short' });
  }

  isSameDay(a: string | number, b: string | number): boolean {
    return this.#date(a) === this.#date(b);
  }

  /** The next day's `hour` o'clock in the zone. */
  tomorrowAt(hour: number, now: number): Date {
    const [year, month, day] = this.#date(now + DAY_MS)
      .split('-')
      .map(Number);
    return this.moment(year!, month!, day!, hour, 0);
  }

  /** What `<input type="datetime-local">` holds, read in the zone; null when it is not whole. */
  parseLocal(value: string): Date | null {
    const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value)?.slice(1).map(Number);
    if (parts === undefined) return null;
    const [year, month, day, hour, minute] = parts;
    return this.moment(year!, month!, day!, hour!, minute!);
  }

  /** The other way round. */
  local(at: number): string {
    const time = this.#in('sv-SE', at, { hour: '2-digit', minute: '2-digit' });
    return `${this.#date(at)}T${time}`;
  }

  /** The moment at which the zone's clocks show this. */
  moment(year: number, month: number, day: number, hour: number, minute: number): Date {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute);
    // Twice: the first guess may lie on the other side of a change of the clocks.
    const guess = asUtc - this.#offset(asUtc);
    return new Date(asUtc - this.#offset(guess));
  }

  #offset(at: number): number {
    const shown = Date.parse(`${this.local(at)}Z`);
    return shown - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  }

  /** 2026-11-24 */
  #date(at: string | number): string {
    return this.#in('sv-SE', at, { year: 'numeric', month: '2-digit', day: '2-digit' });
  }

  #format(at: string | number, options: Intl.DateTimeFormatOptions): string {
    return this.#in(this.language === 'ja' ? 'ja-JP' : 'en-GB', at, options);
  }

  // To make a formatter costs a hundred times what its use does, and a long talk uses hundreds.
  #in(locale: string, at: string | number, options: Intl.DateTimeFormatOptions): string {
    const key = locale + JSON.stringify(options);
    const known = this.#formats.get(key);
    const format = known ?? new Intl.DateTimeFormat(locale, { timeZone: this.zone, ...options });
    if (known === undefined) this.#formats.set(key, format);
    return format.format(new Date(at));
  }
}

export interface Span {
  unit: 'now' | 'minutes' | 'hours' | 'days';
  count: number;
}

/** How long somebody has waited, in the one unit that matters. */
export function waited(since: string, now: number): Span {
  const ms = Math.max(0, now - Date.parse(since));
  if (ms < MINUTE_MS) return { unit: 'now', count: 0 };
  if (ms < HOUR_MS) return { unit: 'minutes', count: Math.floor(ms / MINUTE_MS) };
  if (ms < DAY_MS) return { unit: 'hours', count: Math.floor(ms / HOUR_MS) };
  return { unit: 'days', count: Math.floor(ms / DAY_MS) };
}

const LATE_MS = 10 * MINUTE_MS;

/** Whether the wait has become too long to look calm. */
export const isLate = (since: string, now: number): boolean => now - Date.parse(since) >= LATE_MS;

/** Whole seconds until a moment; 0 when it is past or was never. */
export function secondsUntil(at: string | null, now: number): number {
  return at === null ? 0 : Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
}
