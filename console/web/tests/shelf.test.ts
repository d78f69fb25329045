import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type {
  At,
  Conversation,
  Customer,
  Entry,
  Handoff,
  Message,
  Note,
  Run,
} from '../src/desk/rows';
import { placeOf, Shelf } from '../src/desk/shelf';
import { AT, aConversation, aMessage, anEntry } from './given';

/** What the API shows at one moment; the same files are read by the Python tests. */
interface Snapshot {
  at: At;
  conversations: Conversation[];
  customers: Customer[];
  messages: Message[];
  notes: Note[];
  handoffs: Handoff[];
  runs: Run[];
}

interface Fixture {
  name: string;
  before: Snapshot;
  entries: Entry[];
  after: Snapshot;
}

const FIXTURES = new URL('./fixtures/', import.meta.url);
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as Fixture);

function shelfOf(snapshot: Snapshot): Shelf {
  const shelf = new Shelf();
  for (const row of snapshot.conversations) {
    const at = placeOf(snapshot.at, row.account);
    shelf.putConversation(row);
    shelf.talkOf(row.id);
    const mine = snapshot.messages.filter((message) => message.conversation_id === row.id);
    shelf.putPage(row.id, mine, false, at);
    for (const note of snapshot.notes) if (note.conversation_id === row.id) shelf.putNote(note, at);
    for (const handoff of snapshot.handoffs)
      if (handoff.conversation_id === row.id) shelf.putHandoff(handoff, at);
  }
  snapshot.customers.forEach((row) => shelf.putCustomer(row));
  snapshot.runs.forEach((row) => shelf.putRun(row));
  return shelf;
}

/** Everything that a shelf shows, in one order; what a row was stamped with is not shown. */
function shown(shelf: Shelf) {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const talks = [...shelf.talks.values()];
  return {
    conversations: [...shelf.conversations.values()].sort(byId),
    customers: [...shelf.customers.values()].sort(byId),
    runs: [...shelf.runs.values()].sort(byId),
    messages: talks.flatMap((talk) => [...talk.messages.values()].map((one) => one.row)).sort(byId),
    notes: talks.flatMap((talk) => [...talk.notes.values()].map((one) => one.row)).sort(byId),
    handoffs: talks.flatMap((talk) => [...talk.handoffs.values()].map((one) => one.row)).sort(byId),
  };
}

describe('law 5: a snapshot and the entries after it make the later snapshot', () => {
  test('there are fixtures to hold it against', () => {
    expect(fixtures.length).toBeGreaterThan(0);
  });

  test.each(fixtures)('$name', ({ before, entries, after }) => {
    const shelf = shelfOf(before);

    for (const entry of entries) shelf.apply(entry);

    expect(shown(shelf)).toEqual(shown(shelfOf(after)));
  });

  test.each(fixtures)('$name, with entries that the snapshot had already', ({ entries, after }) => {
    const shelf = shelfOf(after);

    for (const entry of entries) shelf.apply(entry);

    expect(shown(shelf)).toEqual(shown(shelfOf(after)));
  });
});

describe('the shelf', () => {
  test('an older row never replaces a newer one', () => {
    const shelf = new Shelf();
    shelf.putConversation(aConversation({ version: 7, status: 'active' }));

    shelf.apply(anEntry(3, { conversation: aConversation({ version: 6, status: 'waiting' }) }));

    expect(shelf.conversations.get('c1')!.status).toBe('active');
  });

  test('a line older than what was loaded is left out, so that a talk has no hole', () => {
    const shelf = new Shelf();
    shelf.putPage('c1', [aMessage({ seq: 50 }), aMessage({ seq: 51 })], true, 10);

    shelf.apply(anEntry(11, { message: aMessage({ seq: 3, delivery: 'sent' }) }));
    shelf.apply(anEntry(12, { message: aMessage({ seq: 52 }) }));

    expect([...shelf.talks.get('c1')!.messages.keys()]).toEqual([50, 51, 52]);
  });

  test('an entry that overtakes the first page is kept, and the page does not undo it', () => {
    const shelf = new Shelf();
    shelf.talkOf('c1');
    shelf.apply(anEntry(12, { message: aMessage({ seq: 2, delivery: 'sent' }) }));

    shelf.putPage(
      'c1',
      [aMessage({ seq: 1 }), aMessage({ seq: 2, delivery: 'pending' })],
      false,
      11,
    );

    expect(shelf.talks.get('c1')!.messages.get(2)!.row.delivery).toBe('sent');
  });

  test('an earlier page joins the talk at its beginning', () => {
    const shelf = new Shelf();
    shelf.putPage('c1', [aMessage({ seq: 3 })], true, 10);

    shelf.putPage('c1', [aMessage({ seq: 1 }), aMessage({ seq: 2 })], false, 11);

    expect(shelf.talks.get('c1')!.messages.size).toBe(3);
    expect(shelf.talks.get('c1')).toMatchObject({ from: 1, hasOlder: false });
  });

  describe('keeps one stretch of a talk without a hole', () => {
    const lines = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, n) => aMessage({ seq: first + n }));
    const seqs = (shelf: Shelf) => [...shelf.talks.get('c1')!.messages.keys()].sort((a, b) => a - b);

    function aLongTalk(): Shelf {
      const shelf = new Shelf();
      shelf.putConversation(aConversation({ last_seq: 100 }));
      shelf.putPage('c1', lines(91, 100), true, 1);
      return shelf;
    }

    test('a page from far back takes its place, and new lines are not kept beside it', () => {
      const shelf = aLongTalk();

      shelf.putPage('c1', lines(10, 20), true, 1, true);
      shelf.apply(anEntry(2, { message: aMessage({ seq: 101 }) }));

      expect(seqs(shelf)).toEqual(lines(10, 20).map((line) => line.seq));
      expect(shelf.talks.get('c1')).toMatchObject({ from: 10, to: 20, hasOlder: true, seen: 100 });
    });

    test('pages that touch it make it longer, until it reaches the end again', () => {
      const shelf = aLongTalk();
      shelf.putPage('c1', lines(60, 69), true, 1, true);

      shelf.putPage('c1', lines(50, 59), true, 1, true);
      shelf.putPage('c1', lines(70, 90), true, 1, true);
      expect(shelf.talks.get('c1')).toMatchObject({ from: 50, to: 90 });
      shelf.putPage('c1', lines(91, 100), true, 1, false);
      shelf.apply(anEntry(2, { message: aMessage({ seq: 101 }) }));

      expect(shelf.talks.get('c1')!.to).toBeNull();
      expect(seqs(shelf)).toEqual(lines(50, 101).map((line) => line.seq));
    });

    test('a line that came while the last page was on its way is not lost', () => {
      const shelf = aLongTalk();
      shelf.putPage('c1', lines(80, 90), true, 1, true);
      shelf.trim('c1', 5, 'newest');
      shelf.apply(
        anEntry(2, { conversation: aConversation({ last_seq: 101, version: 2 }), message: aMessage({ seq: 101 }) }),
      );

      shelf.putPage('c1', lines(85, 100), true, 1, false);
      expect(shelf.talks.get('c1')!.to).toBe(100); // there is one more to be asked for
      shelf.putPage('c1', lines(101, 101), true, 2, false);

      expect(shelf.talks.get('c1')!.to).toBeNull();
    });

    test('lines at the far end are let go, and told to be there', () => {
      const shelf = aLongTalk();

      shelf.trim('c1', 6, 'oldest');
      expect(seqs(shelf)).toEqual([95, 96, 97, 98, 99, 100]);
      expect(shelf.talks.get('c1')).toMatchObject({ from: 95, to: null, hasOlder: true });
      shelf.trim('c1', 4, 'newest');

      expect(shelf.talks.get('c1')).toMatchObject({ from: 95, to: 98, seen: 100 });
    });

    test('a quoted line outside of it follows its changes too', () => {
      const shelf = aLongTalk();
      shelf.putQuoted(aMessage({ seq: 3 }), 1);

      shelf.apply(anEntry(2, { message: aMessage({ seq: 3, text: null, unsent_at: AT }) }));

      expect(shelf.talks.get('c1')!.quoted.get(3)!.row.unsent_at).toBe(AT);
      expect(shelf.talks.get('c1')!.messages.has(3)).toBe(false);
    });
  });
});
