/**
 * The stickers that LINE lets a business send: the very list that the server holds them to (what is
 * known of it stands in `flows/line/stickers.py`). Titles and words in both languages.
 */

import list from '../../../../flows/line/stickers.json';
import type { Box } from './box';
import type { Content } from './rows';

/** What sends one. */
export interface Sticker {
  packageId: string;
  stickerId: string;
}

export interface Pack {
  id: string;
  first: number;
  last: number;
  ja: string;
  en: string;
  /** The language that stands in its pictures; null: none. */
  speaks: string | null;
  words: string | null;
}

type Language = 'ja' | 'en';

const isAtHome = (pack: Pack) => pack.speaks === null || pack.speaks === 'ja';
const all: Pack[] = list.packages;
const words: Record<string, string[][]> = list.words;

/** Those of other languages come last. */
export const PACKS: readonly Pack[] = [
  ...all.filter(isAtHome),
  ...all.filter((pack) => !isAtHome(pack)),
];

export function stickersIn(pack: Pack): Sticker[] {
  const count = pack.last - pack.first + 1;
  return Array.from({ length: count }, (_, at) => ({
    packageId: pack.id,
    stickerId: String(pack.first + at),
  }));
}

/** What it shows; where nobody has told, its place in its package. Null: not on the list. */
export function nameOfSticker(content: Content, language: Language): string | null {
  const found = placeOf(content);
  if (found === null) return null;
  const { pack, number } = found;
  return wordOf(pack, number, language) ?? `${pack[language]} ${number}`;
}

/** The same where the package is told beside it. */
export function shortName(content: Content, language: Language): string {
  const found = placeOf(content);
  return found === null
    ? ''
    : (wordOf(found.pack, found.number, language) ?? String(found.number));
}

const wordOf = (pack: Pack, number: number, language: Language) =>
  words[pack.words ?? '']?.[number - 1]?.[language === 'ja' ? 0 : 1];

function placeOf({ packageId, stickerId }: Content): { pack: Pack; number: number } | null {
  const pack = all.find(({ id }) => id === packageId);
  const number = Number(stickerId) - (pack?.first ?? 0) + 1;
  return pack !== undefined && number >= 1 && number <= pack.last - pack.first + 1
    ? { pack, number }
    : null;
}

const MOST_RECENT = 16;

/** Those used last, newest first; only those that may be sent. */
export function recentStickers(box: Box, me: string): Sticker[] {
  return box.listed(keyOf(me), isSendable);
}

export function rememberSticker(box: Box, me: string, used: Sticker): void {
  const others = recentStickers(box, me).filter((one) => one.stickerId !== used.stickerId);
  box.write(keyOf(me), JSON.stringify([used, ...others].slice(0, MOST_RECENT)));
}

const keyOf = (me: string) => `stickers/${me}`;
const isSendable = (one: unknown): one is Sticker =>
  typeof one === 'object' && one !== null && nameOfSticker(one as Content, 'ja') !== null;
