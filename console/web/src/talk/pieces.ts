/**
 * A text in pieces: words, addresses that can be opened, LINE's emoji, mentions. LINE counts places
 * in UTF-16 units, as JavaScript does (for received texts that is assumed, not documented): what
 * does not fit the text is left as it stands.
 */

import { list, record } from '../desk/line';
import type { Content } from '../desk/rows';

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; address: string }
  | { kind: 'emoji'; text: string; product: string; emoji: string }
  | { kind: 'mention'; text: string };

interface Span {
  start: number;
  end: number;
  piece: (text: string) => Piece;
}

const ADDRESS = /https?:\/\/[^\s<>"'、。」』)]+/g;
const TRAILING = /[.,!?:;)\]]+$/;

/** The pieces of a text message, in order; together they are the text. */
export function piecesOf(text: string, content: Content): Piece[] {
  if (content.type === 'textV2') return filled(text, record(content.substitution));
  const spans = [...emojiSpans(text, content), ...mentionSpans(text, content)];
  return cut(text, withoutOverlap(spans));
}

/** Where LINE keeps the picture of an emoji; null for ids that are none of LINE's. */
export function emojiAddress(product: string, emoji: string): string | null {
  if (!/^[0-9a-f]{1,64}$/i.test(product) || !/^\d{1,6}$/.test(emoji)) return null;
  return `https://stickershop.line-scdn.net/sticonshop/v1/sticon/${product}/android/${emoji}.png`;
}

/** Where LINE keeps a sticker's picture, the still one. */
export function stickerAddress(content: Content): string | null {
  const id = String(content.stickerId ?? '');
  if (!/^\d{1,20}$/.test(id)) return null;
  return `https://stickershop.line-scdn.net/stickershop/v1/sticker/${id}/android/sticker.png`;
}

function emojiSpans(text: string, content: Content): Span[] {
  return list(content.emojis).flatMap((entry) => {
    const { index, length, productId, emojiId } = record(entry);
    if (typeof index !== 'number') return [];
    // What we sent has a `$` in its place; what we received has LINE's word for it.
    const end = index + (typeof length === 'number' ? length : 1);
    const ids = { product: String(productId), emoji: String(emojiId) };
    return spanIn(text, index, end, (words) => ({ kind: 'emoji', text: words, ...ids }));
  });
}

function mentionSpans(text: string, content: Content): Span[] {
  return list(record(content.mention).mentionees).flatMap((entry) => {
    const { index, length } = record(entry);
    if (typeof index !== 'number' || typeof length !== 'number') return [];
    return spanIn(text, index, index + length, (words) => ({ kind: 'mention', text: words }));
  });
}

function spanIn(text: string, start: number, end: number, piece: Span['piece']): Span[] {
  const isInside = start >= 0 && start < end && end <= text.length;
  return isInside ? [{ start, end, piece }] : [];
}

function withoutOverlap(spans: Span[]): Span[] {
  let last = 0;
  return spans
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      if (start < last) return false;
      last = end;
      return true;
    });
}

function cut(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const { start, end, piece } of spans) {
    pieces.push(...linked(text.slice(last, start)), piece(text.slice(start, end)));
    last = end;
  }
  return [...pieces, ...linked(text.slice(last))];
}

/** Words, and the addresses among them that lead to a page. */
function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = match[0].replace(TRAILING, '');
    if (!URL.canParse(found)) continue;
    pieces.push({ kind: 'text', text: text.slice(last, match.index) });
    pieces.push({ kind: 'link', text: found, address: found });
    last = match.index + found.length;
  }
  pieces.push({ kind: 'text', text: text.slice(last) });
  return pieces.filter((piece) => piece.text !== '');
}

/** A text with `{names}` for what stands in their place; `{{` is a brace. */
function filled(text: string, given: Record<string, unknown>): Piece[] {
  return text.split(/(\{\{|\}\}|\{[0-9A-Za-z_]{1,20}\})/).flatMap((part, index): Piece[] => {
    if (index % 2 === 0) return linked(part);
    if (part === '{{' || part === '}}') return [{ kind: 'text', text: part[0]! }];
    return [substituted(part, record(given[part.slice(1, -1)]))];
  });
}

function substituted(part: string, filler: Record<string, unknown>): Piece {
  if (filler.type === 'emoji') {
    const product = String(filler.productId);
    return { kind: 'emoji', text: part, product, emoji: String(filler.emojiId) };
  }
  if (filler.type === 'mention') {
    const isAll = record(filler.mentionee).type === 'all';
    return { kind: 'mention', text: isAll ? '@All' : `@${part.slice(1, -1)}` };
  }
  return { kind: 'text', text: part };
}
