/**
 * What one answer is made of: words, files, ways to answer, and what it quotes. It stays apart until
 * it leaves, because files may still be on their way; then it becomes LINE's messages, in order.
 */

import type { Sticker } from './stickers';

export type LineMessage = Record<string, unknown> & { type: string };

/** A way to answer that the customer taps: the label is shown, the text is what they then say. */
export interface QuickReply {
  label: string;
  text: string;
}

export interface Parcel {
  /** Words in pieces that LINE takes, each a message of its own. */
  texts: string[];
  /** Ids of attachments, in the order in which they are sent. */
  attachments: string[];
  quick: QuickReply[];
  /** The line of the same talk that the first words quote; the server knows its token. */
  quotedSeq: number | null;
  /** A sticker goes alone. */
  sticker?: Sticker;
  /** What was written down before and LINE refused: it goes out again as it was. */
  again?: LineMessage[];
}

export const QUICK_REPLIES = 13;
export const QUICK_LABEL = 20;
export const QUICK_TEXT = 300;

/** LINE's messages. files: those of the attachments, in order. Only the last one offers answers. */
export function messagesOf(parcel: Parcel, files: readonly LineMessage[]): LineMessage[] {
  const texts = parcel.texts.map((text): LineMessage => ({ type: 'text', text }));
  const sticker = parcel.sticker ? [{ type: 'sticker', ...parcel.sticker }] : [];
  const all = [...texts, ...files, ...sticker, ...(parcel.again ?? [])];
  const last = all.at(-1);
  if (last === undefined || parcel.quick.length === 0) return all;
  return [...all.slice(0, -1), { ...last, quickReply: { items: parcel.quick.map(itemOf) } }];
}

function itemOf({ label, text }: QuickReply) {
  return { type: 'action', action: { type: 'message', label, text } };
}
