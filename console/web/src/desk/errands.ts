/**
 * Talks on their way here, by one request each. What is brought is put on the shelf as what it is,
 * a talk that nobody has looked at: from the asking on the journal's entries are kept for it, so it
 * is as true when it is shown an hour later as one that was opened. Nothing is marked as seen, and
 * nobody is told of it.
 */

import type { LinePage, WholeTalk } from './api';
import type { At } from './rows';
import { placeOf, type Shelf, type Talk } from './shelf';

const TALKS_KEPT = 30;

export interface Errander {
  whole(id: string): Promise<WholeTalk>;
  /** The rows as they are; and a change of them, which the screen follows. */
  rows(): Shelf;
  change<T>(work: (rows: Shelf) => T): T;
  /** The talk that is open. */
  open(): string | null;
}

interface Errand {
  /** Where its lines belong: another box is that of a later snapshot. */
  box: Talk;
  answer: Promise<WholeTalk>;
}

export class Errands {
  #underWay = new Map<string, Errand>();
  #earliest: At = {};

  constructor(private readonly host: Errander) {}

  get count(): number {
    return this.#underWay.size;
  }

  /** A new snapshot begins: what was brought before it is not in it. */
  begin(): void {
    this.#earliest = {};
  }

  /** Where the journal has to be followed from, so that no talk that was brought has a hole. */
  async placeFor(list: At): Promise<At> {
    await Promise.allSettled([...this.#underWay.values()].map((errand) => errand.answer));
    return lower(list, this.#earliest);
  }

  /** Bring a talk; whoever wants it meanwhile shares the answer. */
  bring(id: string): Promise<WholeTalk> {
    const known = this.#underWay.get(id);
    if (known !== undefined && known.box === this.host.rows().talks.get(id)) return known.answer;
    const box = this.host.change((rows) => {
      rows.keepTalks(TALKS_KEPT, this.host.open());
      return rows.talkOf(id); // from now on entries are kept for it
    });
    const errand = { box, answer: this.#fetch(id, box) };
    this.#underWay.set(id, errand);
    const forget = () => this.#underWay.get(id) === errand && this.#underWay.delete(id);
    errand.answer.then(forget, forget);
    return errand.answer;
  }

  async #fetch(id: string, box: Talk): Promise<WholeTalk> {
    const told = await this.host.whole(id);
    // Entries since the asking were kept in this box alone: another one would have a hole.
    const isTheSame = this.host.rows().talks.get(id) === box;
    if (isTheSame) {
      this.host.change((rows) => put(rows, id, told));
      this.#earliest = lower({ ...told.detail.at, ...this.#earliest }, told.detail.at);
    }
    return told;
  }
}

/** Of each of these accounts the earlier place. */
function lower(places: At, others: At): At {
  const earlier = ([account, at]: [string, number]) => [account, Math.min(at, others[account] ?? at)];
  return Object.fromEntries(Object.entries(places).map(earlier));
}

function put(rows: Shelf, id: string, { detail, messages, notes }: WholeTalk): void {
  const { account, unseen_count: count } = detail.conversation;
  rows.putConversation(detail.conversation);
  rows.putCustomer(detail.customer);
  if (detail.run) rows.putRun(detail.run);
  if (detail.handoff) rows.putHandoff(detail.handoff, placeOf(detail.at, account));
  putPage(rows, id, messages, account);
  for (const note of notes.items) rows.putNote(note, placeOf(notes.at, account));
  const seq = detail.unseen_from;
  rows.talkOf(id).unseenFrom = seq === null ? null : { seq, count };
}

export function putPage(rows: Shelf, id: string, page: LinePage, account: string | undefined): void {
  const at = placeOf(page.at, account);
  rows.putPage(id, page.items, page.next !== null, at, page.newer !== null);
}
