/**
 * Talks on their way here, by one request each. What is brought is put on the shelf as what it is,
 * a talk that nobody has looked at: from the asking on the journal's entries are kept for it, so it
 * is as true when it is shown an hour later as one that was opened. Nothing is marked as seen, and
 * nobody is told of it.
 */

import type { LinePage, WholeTalk } from '../desk/api';
import { placeOf, type Shelf, type Talk } from '../desk/shelf';
import { place } from './place.svelte';
import { api } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';

const TALKS_KEPT = 30;

interface Errand {
  /** Where its lines belong: another box is that of a later snapshot. */
  box: Talk;
  answer: Promise<WholeTalk>;
}

const errands = new Map<string, Errand>();

/** Bring a talk; whoever wants it meanwhile shares the answer. */
export function bringTalk(id: string): Promise<WholeTalk> {
  const known = errands.get(id);
  if (known !== undefined && known.box === shelf().talks.get(id)) return known.answer;
  const box = shelve((rows) => {
    rows.keepTalks(TALKS_KEPT, place.talk);
    return rows.talkOf(id); // from now on entries are kept for it
  });
  const errand = { box, answer: bring(id, box) };
  errands.set(id, errand);
  const forget = () => errands.get(id) === errand && errands.delete(id);
  errand.answer.then(forget, forget);
  return errand.answer;
}

/** How many are on their way. */
export const underWay = (): number => errands.size;

async function bring(id: string, box: Talk): Promise<WholeTalk> {
  const told = await api.whole(id);
  // Entries since the asking were kept in this box alone: with another one it would have a hole.
  if (shelf().talks.get(id) === box) shelve((rows) => put(rows, id, told));
  return told;
}

function put(rows: Shelf, id: string, { detail, messages, notes }: WholeTalk): void {
  const { account, version } = detail.conversation;
  rows.putConversation(detail.conversation);
  rows.putCustomer(detail.customer);
  if (detail.run) rows.putRun(detail.run);
  if (detail.handoff) rows.putHandoff(detail.handoff, placeOf(detail.at, account));
  putPage(rows, id, messages, account);
  for (const note of notes.items) rows.putNote(note, placeOf(notes.at, account));
  const seq = detail.unseen_from;
  rows.talkOf(id).unseenFrom = seq === null ? null : { seq, version };
}

export function putPage(rows: Shelf, id: string, page: LinePage, account: string | undefined): void {
  const at = placeOf(page.at, account);
  rows.putPage(id, page.items, page.next !== null, at, page.newer !== null);
}
