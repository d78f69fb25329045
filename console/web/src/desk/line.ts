/** LINE's own shapes, read with care: what is unknown is shown as unknown, never guessed. */

import type { Content, Message } from './rows';

/** A way to answer that the bot offered: a quick reply, or a button. */
export interface Offer {
  label: string;
  data: string | null;
  text: string | null;
}

interface Action {
  type?: string;
  label?: string;
  data?: string;
  text?: string;
  displayText?: string;
}

/** What a bubble of the bot offers to tap, in the order of the phone. */
export function offersOf(content: Content): Offer[] {
  const quick = list(record(content.quickReply).items).map((item) => record(item).action);
  return [...templateActions(record(content.template)), ...quick]
    .map((action) => record(action) as Action)
    .filter((action) => typeof action.label === 'string' && action.type !== 'uri')
    .map(({ label, data, text, displayText }) => ({
      label: label!,
      data: data ?? null,
      text: text ?? displayText ?? null,
    }));
}

/** Which of the offers a customer's line picked: by its data, else by its words. */
export function pickedLabel(message: Message, offers: readonly Offer[]): string | null {
  const data = postbackData(message);
  const found =
    data !== null
      ? offers.find((offer) => offer.data === data)
      : offers.find((offer) => message.text !== null && wordsOf(offer).includes(message.text));
  return found?.label ?? null;
}

export function postbackData(message: Message): string | null {
  const data = record(message.content.postback).data ?? message.content.data;
  return message.kind === 'postback' && typeof data === 'string' ? data : null;
}

/** What a date picker gave with its tap. */
export function postbackMoment(message: Message): string | null {
  const params = record(record(message.content.postback).params ?? message.content.params);
  const picked = params.datetime ?? params.date ?? params.time;
  return typeof picked === 'string' ? picked.replace('T', ' ') : null;
}

/** The words that LINE gives with a sticker, so that a sticker can be read aloud. */
export function stickerWords(content: Content): string[] {
  const words = list(content.keywords).filter((word): word is string => typeof word === 'string');
  return typeof content.text === 'string' ? [content.text, ...words] : words;
}

/** The words of a bubble that is not plain text: template, flex and the like carry them. */
export function altText(content: Content): string | null {
  const template = record(content.template);
  const words = template.text ?? content.altText;
  return typeof words === 'string' ? words : null;
}

/** What stands on a card; null for what is none. */
export function cardOf(content: Content): Record<string, unknown> | null {
  const contents = record(content.contents);
  return content.type === 'flex' && typeof contents.type === 'string' ? contents : null;
}

/** A button of a card that leads to a page: staff may look there too, and nothing else. */
export function openLink(action: Record<string, unknown>): void {
  if (action.type === 'uri' && /^(https|tel):/.test(String(action.uri))) {
    window.open(String(action.uri), '_blank', 'noopener,noreferrer');
  }
}

export interface Place {
  title: string | null;
  address: string | null;
  map: string | null;
}

export function placeOf(content: Content): Place {
  const { title, address, latitude, longitude } = content;
  const isKnown = typeof latitude === 'number' && typeof longitude === 'number';
  return {
    title: typeof title === 'string' ? title : null,
    address: typeof address === 'string' ? address : null,
    map: isKnown
      ? `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
      : null,
  };
}

/** What a friend does, and does not say: it is not counted as unseen. */
export const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'follow',
  'unfollow',
  'beacon',
  'accountLink',
  'membership',
  'things',
  'videoPlayComplete',
]);

/** What happened with a customer that is no message: it is told like an activity. */
export const isDeed = (message: Message): boolean =>
  SAYS_NOTHING.has(message.kind) || message.content.webhookEventId !== undefined;

/** Whether a system line is only words, though it carries a handoff. */
export const isCaption = (content: Content): boolean => content.activity !== 'handed_off';

/** LINE counts a text's length in UTF-16 units, as JavaScript does. */
export const TEXT_LIMIT = 5000;

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

const wordsOf = (offer: Offer) => [offer.text, offer.label];

function templateActions(template: Record<string, unknown>): unknown[] {
  const columns = list(template.columns).flatMap((column) => {
    const { action, actions } = record(column);
    return action === undefined ? list(actions) : [action];
  });
  return [...list(template.actions), ...columns];
}
