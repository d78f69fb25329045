/** The words of the supervisor's view and the reports. They are loaded with them, not before. */

import { Clock, waited } from '../desk/time';
import { lengthOf } from '../flows/health/figures';
import { number, settings, spoken } from '../state/settings.svelte';
import { Book } from '../words/book';
import type { WatchWord } from './words_ja';

export type { WatchWord };

const book = new Book<WatchWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const w = spoken(book);

/** The word of a key that is put together at run time. */
export const findWatchWord = (key: string): WatchWord | null => (book.has(key) ? key : null);

/** A length of time in its largest whole unit; a dash for one that is not known. */
export function lengthText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return w('cell.none');
  const { unit, count } = lengthOf(Math.round(seconds));
  return w(`length.${unit}`, { count });
}

/** How long somebody has waited, as the lists say it. */
export function waitText(since: string, now: number): string {
  const { unit, count } = waited(since, now);
  return w(`length.${unit}`, { count });
}

/** A number as people of the language write it. */
export const numberText = (count: number, digits = 0): string =>
  digits === 0 ? number(count) : count.toFixed(digits);

/** A day of a report as people read it. */
export const dayText = (day: string): string =>
  new Clock('UTC', settings.language).day(`${day}T00:00Z`, Date.now());
