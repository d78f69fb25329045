/** The bubbles of a draft as they are being made, and as LINE takes them. */

import { newId } from '../desk/ids';
import { TEXT_LIMIT } from '../desk/line';
import type { LineMessage } from '../desk/parcel';

export const MOST_BUBBLES = 5;

export interface TextBubble {
  key: string;
  kind: 'text';
  text: string;
}

/** message: once the server has the picture. refusal: why it did not take it. */
export interface PictureBubble {
  key: string;
  kind: 'picture';
  name: string;
  message: LineMessage | null;
  refusal: string | null;
}

export type Bubble = TextBubble | PictureBubble;

export const textBubble = (text = ''): TextBubble => ({ key: newId(), kind: 'text', text });

export const pictureBubble = (name: string, message: LineMessage | null = null): PictureBubble => ({
  ...{ key: newId(), kind: 'picture', name, message },
  refusal: null,
});

export function bubblesOf(messages: readonly LineMessage[], pictureName: string): Bubble[] {
  return messages.map((message) =>
    message.type === 'text' ? textBubble(String(message.text)) : pictureBubble(pictureName, message),
  );
}

export type Lack = 'title' | 'bubble' | 'text' | 'shorter' | 'refused' | 'picture';

/** What a draft lacks before it can be saved, the first thing first; null: nothing. */
export function lackOf(title: string, bubbles: readonly Bubble[]): Lack | null {
  if (title.trim() === '') return 'title';
  if (bubbles.length === 0) return 'bubble';
  const texts = bubbles.filter((one) => one.kind === 'text');
  if (texts.some(({ text }) => text.trim() === '')) return 'text';
  if (texts.some(({ text }) => text.length > TEXT_LIMIT)) return 'shorter';
  const missing = bubbles.filter((one) => one.kind === 'picture' && one.message === null);
  if (missing.some((one) => one.kind === 'picture' && one.refusal !== null)) return 'refused';
  return missing.length > 0 ? 'picture' : null;
}

/** As LINE takes them; those that are whole. */
export function messagesOf(bubbles: readonly Bubble[]): LineMessage[] {
  return bubbles.flatMap((one): LineMessage[] => {
    if (one.kind === 'text') return [{ type: 'text', text: one.text }];
    return one.message === null ? [] : [{ ...one.message }];
  });
}

/** One bubble, one place up (-1) or down (1). */
export function moved(bubbles: readonly Bubble[], at: number, by: -1 | 1): Bubble[] {
  const all = [...bubbles];
  const [one] = all.splice(at, 1);
  if (one !== undefined) all.splice(at + by, 0, one);
  return all;
}

/** The first words of what it says, for who confirms it. */
export function firstWords(messages: readonly LineMessage[], picture: string): string[] {
  return messages.map((one) => (one.type === 'text' ? String(one.text) : picture));
}
