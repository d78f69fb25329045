/**
 * A talk as it is drawn: lines, notes, handoff packets and days in one order, each with what the
 * drawing needs to know. Pure, so that the order and the picked answers are tested without a page.
 */

import { grouped, setOf } from './groups';
import { isCaption, type Offer, offersOf, pickedLabel, SAYS_NOTHING } from './line';
import type { Handoff, Message, Note } from './rows';
import type { Talk } from './shelf';
import type { Clock } from './time';

export interface MessageItem {
  key: string;
  kind: 'message';
  message: Message;
  offers: Offer[];
  picked: string | null;
  /** The pictures that were sent together with this one, itself among them, in their order. */
  set: Message[];
  /** Said by the same in one breath with the line above, or the line below. */
  isLed: boolean;
  isFollowed: boolean;
}

export type Item =
  | { key: string; kind: 'day'; at: string }
  | MessageItem
  | { key: string; kind: 'activity'; message: Message }
  | { key: string; kind: 'handoff'; handoff: Handoff; at: string; isPast: boolean }
  | { key: string; kind: 'note'; note: Note }
  /** From here on the staff had not seen it when the talk was opened. */
  | { key: string; kind: 'unseen'; at: string };

/** Everything that is kept of a talk, oldest first. unseenFrom: the first line that was unseen. */
export function itemsOf(talk: Talk, clock: Clock, unseenFrom: number | null = null): Item[] {
  const messages = [...talk.messages.values()].map((m) => m.row).sort((a, b) => a.seq - b.seq);
  const lines = messages.flatMap((message, index) => toItem(message, messages, index, talk));
  const notes = notesWithin(talk, messages).map(toNote);
  const marked = withUnseen(merge(lines, notes), unseenFrom);
  return grouped(withDays(marked, clock));
}

/** The newest line that was shown; what a reply has seen. */
export function newestSeq(talk: Talk | undefined): number {
  return talk?.seen ?? 0;
}

/** The first of so many lines of the customer at the end of a talk; null when it is not kept. */
export function firstUnseen(talk: Talk, count: number): number | null {
  if (talk.to !== null || count === 0) return null;
  const said = [...talk.messages.values()]
    .map((stamped) => stamped.row)
    .filter((row) => row.sender === 'customer' && !SAYS_NOTHING.has(row.kind))
    .map((row) => row.seq)
    .sort((a, b) => b - a);
  return said[count - 1] ?? null;
}

function toItem(message: Message, all: readonly Message[], index: number, talk: Talk): Item[] {
  if (message.sender === 'system') return [toActivity(message, talk)];
  const set = setOf(all, index);
  if (set === null) return []; // drawn with the first picture of its set
  const offers = message.sender === 'customer' ? [] : offersOf(message.content);
  const picked = offers.length > 0 ? pickedAfter(all, index, offers) : null;
  const plain = { isLed: false, isFollowed: false };
  return [{ key: `m${message.seq}`, kind: 'message', message, offers, picked, set, ...plain }];
}

function toActivity(message: Message, talk: Talk): Item {
  const handoff = message.content.handoff as Handoff | undefined;
  if (handoff === undefined || isCaption(message.content))
    return { key: `m${message.seq}`, kind: 'activity', message };
  // The packet is drawn where it happened; what became of it since is in its own row. A talk is
  // loaded with its last handoff alone: of an earlier one only the asking is known.
  const now = talk.handoffs.get(handoff.id)?.row;
  return {
    key: `m${message.seq}`,
    kind: 'handoff',
    handoff: now ?? handoff,
    at: message.at,
    isPast: now === undefined,
  };
}

/** A note stands among the lines of its time: those of times that are not kept are left out. */
function notesWithin(talk: Talk, messages: readonly Message[]): Note[] {
  const since = talk.hasOlder ? (messages[0]?.at ?? '') : '';
  const until = talk.to === null ? null : (messages.at(-1)?.at ?? null);
  return [...talk.notes.values()]
    .map((stamped) => stamped.row)
    .filter((note) => note.at >= since && (until === null || note.at <= until));
}

const toNote = (note: Note): Item => ({ key: `n${note.id}`, kind: 'note', note });

/** The customer's next word decides; the offers of a bubble are gone from the phone after it. */
function pickedAfter(
  all: readonly Message[],
  index: number,
  offers: readonly Offer[],
): string | null {
  const next = all.slice(index + 1).find((message) => message.sender === 'customer');
  return next === undefined ? null : pickedLabel(next, offers);
}

function merge(lines: Item[], notes: Item[]): Item[] {
  // The order of lines is their seq, never their clock: a note goes before the first later line.
  const merged = [...lines];
  for (const note of notes.sort((a, b) => (momentOf(a) < momentOf(b) ? -1 : 1))) {
    const place = merged.findIndex((item) => momentOf(item) > momentOf(note));
    merged.splice(place < 0 ? merged.length : place, 0, note);
  }
  return merged;
}

function withUnseen(items: Item[], seq: number | null): Item[] {
  const place = items.findIndex((item) => item.kind === 'message' && item.message.seq === seq);
  if (place < 0) return items;
  const mark: Item = { key: 'unseen', kind: 'unseen', at: momentOf(items[place]!) };
  return items.toSpliced(place, 0, mark);
}

function withDays(items: Item[], clock: Clock): Item[] {
  const shown: Item[] = [];
  let last: string | null = null;
  for (const item of items) {
    const at = momentOf(item);
    if (last === null || !clock.isSameDay(last, at))
      shown.push({ key: `d${item.key}`, kind: 'day', at });
    shown.push(item);
    last = at;
  }
  return shown;
}

function momentOf(item: Item): string {
  switch (item.kind) {
    case 'message':
    case 'activity':
      return item.message.at;
    case 'note':
      return item.note.at;
    default:
      return item.at;
  }
}
