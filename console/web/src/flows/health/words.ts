/** The words of the bot's health in the operator's language. */

import { spoken } from '../../state/settings.svelte';
import { Book } from '../../words/book';
import { lengthOf, share } from './figures';
import type { HealthWord } from './words_ja';

const book = new Book<HealthWord>({ ja: () => import('./words_ja'), en: () => import('./words_en') });
export const h = spoken(book);

export function shareText(part: number, whole: number): string {
  const percent = share(part, whole);
  return percent === null ? h('tile.none') : h('tile.share', { percent });
}

export function lengthText(seconds: number | null): string {
  if (seconds === null) return h('tile.none');
  const { unit, count } = lengthOf(seconds);
  return h(`length.${unit}`, { count });
}

/** How a run ended, as people say it; a name of the flow's own counts as finished. */
export function endText(end: string | null): string {
  if (end === null) return h('end.none');
  const word = `end.${end}`;
  return book.has(word) ? h(word) : h('end.other', { end });
}
