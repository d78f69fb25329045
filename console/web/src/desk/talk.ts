/**
 * A talk as it is drawn: lines, notes, handoff packets and days in one order, each with what the
 * drawing needs to know. Pure, so that the order and the picked answers are tested without a page.
 */

import { isCaption, type Offer, offersOf, pickedLabel } from './line';
import type { Handoff, Message, Note } from './rows';
import type { Talk } from './shelf';
import type { Clock } from './time';

export type Item =
  | { key: string; kind: 'day'; at: string }
  | { key: string; kind: 'message'; message: Message; offers: Offer[]; picked: string | null }
  | { key: string; kind: 'activity'; message: Message }
  | { key: string; kind: 'handoff'; handoff: Handoff; at: string; isPast: boolean }
  | { key: string; kind: 'note'; note: Note }
  /** Lines that were not loaded, between others that were. */
  | { key: string; kind: 'gap'; after: number; count: number; at: string };

/** Everything that was loaded of a talk, oldest first. */
export function itemsOf(talk: Talk, clock: Clock): Item[] {
  const messages = [...talk.messages.values()].map((m) => m.row).sort((a, b) => a.seq - b.seq);
  const since = talk.hasOlder ? (messages[0]?.at ?? '') : '';
  const notes = [...talk.notes.values()].map((n) => n.row).filter((note) => note.at >= since);
  const lines = messages.map((message, index) => toItem(message, messages, index, talk));
  return withDays(merge(withGaps(lines, messages), notes.map(toNote)), clock);
}

/** The newest line that is shown; what a reply has seen. */
export function newestSeq(talk: Talk | undefined): number {
  return Math.max(0, ...(talk?.messages.keys() ?? []));
}

function toItem(message: Message, all: readonly Message[], index: number, talk: Talk): Item {
  if (message.sender === 'system') return toActivity(message, talk);
  const offers = message.sender === 'bot' ? offersOf(message.content) : [];
  const picked = offers.length > 0 ? pickedAfter(all, index, offers) : null;
  return { key: `m${message.seq}`, kind: 'message', message, offers, picked };
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

function withGaps(lines: readonly Item[], messages: readonly Message[]): Item[] {
  return lines.flatMap((line, index) => {
    const { seq, at } = messages[index]!;
    const after = messages[index - 1]?.seq ?? seq - 1;
    const count = seq - after - 1;
    return count > 0 ? [{ key: `g${after}`, kind: 'gap', after, count, at }, line] : [line];
  });
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
