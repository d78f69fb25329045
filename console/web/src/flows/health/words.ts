/** The words of the bot's health in the operator's language. */

import { settings } from '../../state/settings.svelte';
import { fillIn, type Params } from '../../words/words';
import { lengthOf, share } from './figures';
import { en } from './words_en';
import { ja, type HealthWord } from './words_ja';

export function h(word: HealthWord, params: Params = {}): string {
  return fillIn((settings.language === 'en' ? en : ja)[word], params);
}

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
  return word in ja ? h(word as HealthWord) : h('end.other', { end });
}
