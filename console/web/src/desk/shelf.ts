/**
 * What this browser knows, as plain rows. Every row is put in by the same rule, whether a snapshot
 * or an entry brought it: the newer one stays. No entry is interpreted; each carries the rows as
 * they are after it (law 5: a snapshot and the entries after it make the later snapshot).
 */

import type { Quota, Scheduled, SharedDraft } from '../drafting/rows';
import type { At, Conversation, Customer, Entry, Handoff, Message, Note, Run } from './rows';

interface Stamped<T> {
  row: T;
  /** The journal id at which the row was true; for rows without a version of their own. */
  at: number;
}

/** The lines of one talk that were loaded. Between the newest and older ones there may be a gap. */
export interface Talk {
  messages: Map<number, Stamped<Message>>;
  notes: Map<string, Stamped<Note>>;
  handoffs: Map<string, Stamped<Handoff>>;
  /** The oldest line that was loaded; what is older is not kept. */
  from: number;
  isLoaded: boolean;
  hasOlder: boolean;
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
    if (talk === undefined || row.seq < talk.from) return;
    putStamped(talk.messages, row.seq, row, at);
  }

  putNote(row: Note, at: number): void {
    const talk = this.talks.get(row.conversation_id);
    if (talk) putStamped(talk.notes, row.id, row, at);
  }

  putHandoff(row: Handoff, at: number): void {
    const talk = this.talks.get(row.conversation_id);
    if (talk) putStamped(talk.handoffs, row.id, row, at);
  }

  /** Put in a page of lines: the newest, the one before what is there, or one from far back. */
  putPage(conversationId: string, rows: readonly Message[], hasOlder: boolean, at: number): void {
    const talk = this.talkOf(conversationId);
    const oldest = rows[0]?.seq ?? (talk.isLoaded ? talk.from : 0);
    const isOldest = !talk.isLoaded || oldest <= talk.from;
    if (isOldest) talk.hasOlder = hasOlder;
    if (isOldest) talk.from = oldest;
    talk.isLoaded = true;
    for (const seq of talk.messages.keys()) if (seq < talk.from) talk.messages.delete(seq);
    for (const row of rows) putStamped(talk.messages, row.seq, row, at);
  }

  /** The talk, begun when it is not there: from then on entries are kept for it. */
  talkOf(conversationId: string): Talk {
    const known = this.talks.get(conversationId);
    if (known) return known;
    const talk: Talk = {
      messages: new Map(),
      notes: new Map(),
      handoffs: new Map(),
      from: 0,
      isLoaded: false,
      hasOlder: false,
    };
    this.talks.set(conversationId, talk);
    return talk;
  }

  /** Let go of the talks that were opened longest ago. */
  keepTalks(count: number): void {
    const over = [...this.talks.keys()].slice(0, -count);
    for (const id of over) this.talks.delete(id);
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

function putNewer<T extends { id: string; version: number }>(
  rows: Map<string, T>,
  row: T,
  version: number,
): void {
  const known = rows.get(row.id);
  if (known === undefined || known.version <= version) rows.set(row.id, row);
}

function putStamped<K, T>(rows: Map<K, Stamped<T>>, key: K, row: T, at: number): void {
  const known = rows.get(key);
  if (known === undefined || known.at <= at) rows.set(key, { row, at });
}
