/** Talks that are brought before they are opened: asked for once, and as true as any other. */

import { expect, test } from 'vitest';
import type { WholeTalk } from '../src/desk/api';
import { Errands } from '../src/desk/errands';
import type { Customer } from '../src/desk/rows';
import { Shelf } from '../src/desk/shelf';
import { aConversation, aMessage, anEntry } from './given';

const PERSON = { id: 'p1', name: '見本', tags: [], fields: {}, friends: [], version: 1 };
const seqsOf = (shelf: Shelf) => [...shelf.talkOf('c1').messages.keys()].sort((a, b) => a - b);

function aTalk(seqs: number[], at: number): WholeTalk {
  const items = seqs.map((seq) => aMessage({ seq, conversation_id: 'c1', text: `line ${seq}` }));
  const conversation = aConversation({ last_seq: seqs.at(-1)!, version: at });
  const customer = PERSON as unknown as Customer;
  const [run, handoff] = [null, null];
  return {
    detail: { conversation, customer, run, handoff, unseen_from: 2, at: { main: at } },
    messages: { items, next: null, newer: null, at: { main: at } },
    notes: { items: [], next: null, at: { main: at } },
    drafts: { reply: null, note: null, shared: [] },
  };
}

/** An office whose answers wait until they are let go. */
function office() {
  const [shelf, waiting]: [Shelf, ((told: WholeTalk) => void)[]] = [new Shelf(), []];
  const errands = new Errands({
    whole: () => new Promise((resolve) => waiting.push(resolve)),
    rows: () => shelf,
    change: (work) => work(shelf),
    open: () => null,
  });
  return { shelf, waiting, errands };
}

test('whoever opens a talk that is on its way shares the answer', async () => {
  const { shelf, waiting, errands } = office();
  const foreseen = errands.bring('c1');
  const opened = errands.bring('c1');
  waiting[0]!(aTalk([1, 2], 1));

  expect(await opened).toBe(await foreseen);
  expect([waiting.length, errands.count]).toEqual([1, 0]);
  expect(shelf.talkOf('c1')).toMatchObject({ isLoaded: true, unseenFrom: { seq: 2, count: 1 } });
  expect(shelf.conversations.get('c1')!.unseen_count).toBe(1); // nobody has looked
});

test('an entry that comes while it is on its way, or after, is not lost', async () => {
  const { shelf, waiting, errands } = office();
  const line = (seq: number) => aMessage({ seq, conversation_id: 'c1' });
  const coming = errands.bring('c1');
  shelf.apply(anEntry(2, { message: line(3) }));
  waiting[0]!(aTalk([1, 2], 1));
  await coming;
  shelf.apply(anEntry(3, { message: line(4) }));

  expect(seqsOf(shelf)).toEqual([1, 2, 3, 4]);
});

test('an answer of before a new snapshot is not put: entries between would be missing', async () => {
  const { shelf, waiting, errands } = office();
  const old = errands.bring('c1');
  shelf.clear();
  const anew = errands.bring('c1');
  waiting[0]!(aTalk([1, 2], 1));
  await old;
  expect(shelf.talkOf('c1').isLoaded).toBe(false);

  waiting[1]!(aTalk([1, 2, 3], 5));
  await anew;
  expect(seqsOf(shelf)).toEqual([1, 2, 3]);
});

test('the open talk is never let go of, and the one looked at last goes last', () => {
  const { shelf } = office();
  for (const id of ['a', 'b', 'c', 'd']) {
    shelf.putConversation(aConversation({ id, customer_id: `p-${id}` }));
    shelf.putCustomer({ ...PERSON, id: `p-${id}` } as unknown as Customer);
    shelf.talkOf(id);
  }
  shelf.lookedAt('b');
  shelf.keepTalks(1, 'a');

  expect([...shelf.talks.keys()]).toEqual(['a', 'b']);
  expect([...shelf.customers.keys()]).toEqual(['p-a', 'p-b']);
});

test('a row that says the same stays the same object, and a newer one takes its place', () => {
  const { shelf } = office();
  const row = aConversation();
  shelf.putConversation(row);
  shelf.putConversation(structuredClone(row));
  expect(shelf.conversations.get('c1')).toBe(row);

  shelf.putConversation({ ...row, tags: ['見本'] });
  expect(shelf.conversations.get('c1')!.tags).toEqual(['見本']);
});

test('the journal is followed from where the earliest of what was brought was read', async () => {
  const { waiting, errands } = office();
  void errands.bring('c0');
  waiting[0]!(aTalk([1], 3));
  await errands.placeFor({});
  errands.begin(); // what was brought before the snapshot is not in it
  void errands.bring('c1');
  void errands.bring('c2');
  const place = errands.placeFor({ main: 12, other: 4 });
  waiting[1]!(aTalk([1, 2], 10));
  waiting[2]!(aTalk([1, 2], 11));

  expect(await place).toEqual({ main: 10, other: 4 });
});
