/**
 * What this browser knows, as plain rows. Every row is put in by the same rule, whether a snapshot
 * or an entry brought it: the newer one stays. No entry is interpreted; each carries the rows as
 * they are after it (law 5: a snapshot and the entries after it make the later snapshot).
 */

import type { Quota, Scheduled, SharedDraft } from '../drafting/rows';
import { isSame } from './steady';
import type { At, Conversation, Customer, Entry, Handoff, Message, Note, Run } from './rows';

interface Stamped<T> {
  row: T;
  /** The journal id at which the row was true; for rows without a version of their own. */
  at: number;
}

/** A stretch of one talk, without a hole: what of it was loaded and is kept. */
export interface Talk {
  messages: Map<number, Stamped<Message>>;
  /** Lines outside of the stretch that others quote. */
  quoted: Map<number, Stamped<Message>>;
  notes: Map<string, Stamped<Note>>;
  handoffs: Map<string, Stamped<Handoff>>;
  /** The oldest line of the stretch; what is older is not kept. */
  from: number;
  /** The newest line of the stretch; null: the talk's end, new lines are kept as they come. */
  to: number | null;
  /** The newest line that was ever kept: what an answer has seen. */
  seen: number;
  isLoaded: boolean;
  hasOlder: boolean;
  /** The first line that the staff had not seen, while the talk's row has this version. */
  unseenFrom: { seq: number; count: number } | null;
  /** How often anything of it was put in or let go of: who draws it looks at nothing else first. */
  changes: number;
}

export class Shelf {
  readonly conversations = new Map<string, Conversation>();
  readonly customers = new Map<string, Customer>();
  readonly runs = new Map<string, Run>();
  readonly talks = new Map<string, Talk>();
  /** One that is shared no more stays as a row without words, so that an older one cannot return. */
  readonly drafts = new Map<string, SharedDraft>();
  readonly scheduled = new Map<string, Scheduled>();
  readonly quotas = new Map<string, Quota>();

  /** Put in everything that an entry carries. */
  apply(entry: Entry): void {
    const { conversation, message, note, handoff, customer, run } = entry.payload;
    if (conversation) this.putConversation(conversation);
    if (customer) this.putCustomer(customer);
    if (run) this.putRun(run);
    for (const line of [message ?? []].flat()) this.putMessage(line, entry.id);
    if (note) this.putNote(note, entry.id);
    if (handoff) this.putHandoff(handoff, entry.id);
    this.#applyDrafting(entry);
  }

  #applyDrafting({ payload: { draft, scheduled, quota } }: Entry): void {
    if (draft) this.putDraft(draft);
    if (scheduled) this.putScheduled(scheduled);
    if (quota) this.putQuota(quota);
  }

  putDraft(row: SharedDraft): void {
    putNewer(this.drafts, row, row.version);
  }

  putScheduled(row: Scheduled): void {
    putNewer(this.scheduled, row, row.version);
  }

  /** What was read later is newer. */
  putQuota(row: Quota): void {
    const known = this.quotas.get(row.id);
    if (known === undefined || (known.read_at ?? '') <= (row.read_at ?? ''))
      this.quotas.set(row.id, row);
  }

  putConversation(row: Conversation): void {
    putNewer(this.conversations, row, row.version);
  }

  putCustomer(row: Customer): void {
    putNewer(this.customers, row, row.version);
  }

  putRun(row: Run): void {
    const known = this.runs.get(row.id);
    if (known && (known.row_version ?? 0) > (row.row_version ?? 0)) return;
    this.runs.set(row.id, row);
  }

  putMessage(row: Message, at: number): void {
    const talk = this.talks.get(row.conversation_id);
    if (talk === undefined) return;
    talk.changes += 1;
    if (talk.quoted.has(row.seq)) putStamped(talk.quoted, row.seq, row, at);
    if (row.seq < talk.from || (talk.to !== null && row.seq > talk.to)) return;
    putStamped(talk.messages, row.seq, row, at);
    talk.seen = Math.max(talk.seen, row.seq);
  }

  putNote(row: Note, at: number): void {
    const talk = this.talks.get(row.conversation_id);
    if (talk === undefined) return;
    talk.changes += 1;
    const known = talk.notes.get(row.id);
    if ((known?.row.version ?? 0) <= (row.version ?? 0)) talk.notes.set(row.id, { row, at });
  }

  putHandoff(row: Handoff, at: number): void {
    const talk = this.talks.get(row.conversation_id);
    if (talk === undefined) return;
    talk.changes += 1;
    putStamped(talk.handoffs, row.id, row, at);
  }

  /**
   * Put in a page of lines. One that touches the stretch makes it longer, any other takes its
   * place. hasNewer: the server has lines after it.
   */
  putPage(
    conversationId: string,
    rows: readonly Message[],
    hasOlder: boolean,
    at: number,
    hasNewer = false,
  ): void {
    const talk = this.talkOf(conversationId);
    talk.changes += 1;
    const first = rows[0]?.seq ?? talk.from;
    const last = rows.at(-1)?.seq ?? 0;
    if (!talk.isLoaded || !touches(talk, first, last)) begin(talk, first);
    if (first <= talk.from) Object.assign(talk, { from: first, hasOlder });
    talk.isLoaded = true;
    for (const row of rows) putStamped(talk.messages, row.seq, row, at);
    const end = Math.max(endOf(talk), last);
    talk.seen = Math.max(talk.seen, end);
    // A line that came while the page was on its way was not kept: then this is not the end yet.
    const known = this.conversations.get(conversationId)?.last_seq ?? 0;
    if (last === end) talk.to = hasNewer || end < known ? end : null;
  }

  /** Put in a line that another one quotes. */
  putQuoted(row: Message, at: number): void {
    const talk = this.talkOf(row.conversation_id);
    talk.changes += 1;
    putStamped(talk.quoted, row.seq, row, at);
  }

  /** Keep no more than `most` lines of a talk, and let go of those at one end. */
  trim(conversationId: string, most: number, end: 'oldest' | 'newest'): void {
    const talk = this.talks.get(conversationId);
    if (talk === undefined || talk.messages.size <= most) return;
    talk.changes += 1;
    const seqs = [...talk.messages.keys()].sort((a, b) => a - b);
    const gone = end === 'oldest' ? seqs.slice(0, -most) : seqs.slice(most);
    for (const seq of gone) talk.messages.delete(seq);
    if (end === 'oldest') Object.assign(talk, { from: seqs.at(-most)!, hasOlder: true });
    else talk.to = seqs[most - 1]!;
  }

  /** The talk, begun when it is not there: from then on entries are kept for it. */
  talkOf(conversationId: string): Talk {
    const known = this.talks.get(conversationId);
    if (known) return known;
    const talk: Talk = {
      messages: new Map(),
      quoted: new Map(),
      notes: new Map(),
      handoffs: new Map(),
      from: 0,
      to: null,
      seen: 0,
      isLoaded: false,
      hasOlder: false,
      unseenFrom: null,
      changes: 0,
    };
    this.talks.set(conversationId, talk);
    return talk;
  }

  /** Somebody looks at a talk: it is let go of after all others. */
  lookedAt(conversationId: string): void {
    const talk = this.talks.get(conversationId);
    if (talk === undefined) return;
    this.talks.delete(conversationId);
    this.talks.set(conversationId, talk);
  }

  /** Let go of the talks that nobody has looked at for longest, and of whose they are. */
  keepTalks(count: number, open: string | null): void {
    const others = [...this.talks.keys()].filter((id) => id !== open);
    const gone = others.slice(0, Math.max(0, others.length - count));
    for (const id of gone) this.talks.delete(id);
    const needed = new Set([...this.talks.keys()].map((id) => this.#personOf(id)));
    for (const id of gone)
      if (!needed.has(this.#personOf(id))) this.customers.delete(this.#personOf(id));
  }

  #personOf(conversationId: string): string {
    return this.conversations.get(conversationId)?.customer_id ?? '';
  }

  /** Drop everything; a snapshot follows. */
  clear(): void {
    const rows = [this.conversations, this.customers, this.runs, this.talks];
    for (const part of [...rows, this.drafts, this.scheduled, this.quotas]) part.clear();
  }
}

/** Where an account's stream was, for rows that have no version. */
export function placeOf(at: At | undefined, account: string | undefined): number {
  return (account !== undefined && at?.[account]) || 0;
}

function touches(talk: Talk, first: number, last: number): boolean {
  return first <= endOf(talk) + 1 && last >= talk.from - 1;
}

/** The last line of the stretch. */
function endOf(talk: Talk): number {
  return talk.to ?? Math.max(0, ...talk.messages.keys());
}

/** A new stretch; what came after it while it was on its way stays when it joins. */
function begin(talk: Talk, first: number): void {
  const isSecond = talk.isLoaded;
  for (const seq of talk.messages.keys())
    if (isSecond || seq < first) talk.messages.delete(seq);
  Object.assign(talk, { from: first, to: null });
}

function putNewer<T extends { id: string; version: number }>(
  rows: Map<string, T>,
  row: T,
  version: number,
): void {
  const known = rows.get(row.id);
  if (known !== undefined && (known.version > version || isSame(known, row))) return;
  rows.set(row.id, row); // one that says the same stays the same object: nobody draws it again
}

function putStamped<K, T>(rows: Map<K, Stamped<T>>, key: K, row: T, at: number): void {
  const known = rows.get(key);
  if (known === undefined || known.at <= at) rows.set(key, { row, at });
}
