/** What has left and may be taken back comes back whole, also in a page that was loaded anew. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outgoing } from '../src/desk/outbox';
import { Recall } from '../src/state/recall';
import { aBox, AStorage } from './given';

const anItem = (id: string, operator = 'me'): Outgoing => ({
  client_msg_id: id,
  conversation_id: 'c1',
  operator_id: operator,
  text: '見本の文',
  parcel: {
    texts: ['見本の文'],
    attachments: ['a1'],
    quick: [{ label: 'はい', text: 'はい' }],
    quotedSeq: 3,
  },
  seen_seq: 1,
  force: false,
  at: '2026-11-27T00:00:00.000Z',
  state: 'sending',
  tries: 0,
  code: null,
  message: null,
  missed: [],
});

describe('what may be taken back', () => {
  beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-27T00:00:00Z') }));
  afterEach(() => vi.useRealTimers());

  test('is known to the next page, with all that went with the words', () => {
    const storage = new AStorage();
    new Recall(() => {}, aBox(storage)).keep(anItem('m1'), 5);

    const next = new Recall(() => {}, aBox(storage));

    expect(next.open('me')).toEqual(['m1']);
    expect(next.take('m1')).toEqual(anItem('m1'));
    expect(next.take('m1')).toBeNull();
    expect(storage.length).toBe(0);
  });

  test("is one's own alone", () => {
    const storage = new AStorage();
    new Recall(() => {}, aBox(storage)).keep(anItem('m1', 'another'), 5);

    const next = new Recall(() => {}, aBox(storage));

    expect(next.open('me')).toEqual([]);
    expect(next.take('m1')).toBeNull();
  });

  test('is over after its seconds, in the page that was loaded anew too', () => {
    const storage = new AStorage();
    new Recall(() => {}, aBox(storage)).keep(anItem('m1'), 5);
    vi.clearAllTimers(); // that page is gone
    vi.setSystemTime(Date.parse('2026-11-27T00:00:04Z'));
    const over: string[] = [];
    const next = new Recall((id) => over.push(id), aBox(storage));
    next.open('me');

    vi.advanceTimersByTime(3900);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(200);

    expect(over).toEqual(['m1']);
    expect([next.take('m1'), storage.length]).toEqual([null, 0]);
  });

  test('is not taken up once its time has passed, nor what nobody can read', () => {
    const storage = new AStorage();
    storage.setItem('recall/me/m0', '{');
    new Recall(() => {}, aBox(storage)).keep(anItem('m1'), 5);
    vi.setSystemTime(Date.parse('2026-11-27T01:00:00Z'));

    expect(new Recall(() => {}, aBox(storage)).open('me')).toEqual([]);
    expect(storage.length).toBe(0);
  });

  test('is not let go by one page when another has taken it', () => {
    const [storage, over] = [new AStorage(), [] as string[]];
    const here = new Recall((id) => over.push(`here ${id}`), aBox(storage));
    here.keep(anItem('m1'), 5);
    here.keep(anItem('m2'), 5);
    const beside = new Recall((id) => over.push(`beside ${id}`), aBox(storage));
    expect(beside.open('me')).toEqual(['m1', 'm2']);

    expect(here.take('m1')).toEqual(anItem('m1'));
    vi.advanceTimersByTime(60_000);

    expect(over).toEqual(['here m2']);
    expect(beside.take('m1')).toBeNull();
  });

  test('is nothing where one does not wait', () => {
    const [storage, over] = [new AStorage(), [] as string[]];
    const recall = new Recall((id) => over.push(id), aBox(storage));

    recall.keep(anItem('m1'), 0);

    expect([over, storage.length, recall.take('m1')]).toEqual([['m1'], 0, null]);
  });
});
