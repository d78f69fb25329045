/** An open talk among many that live: what did not change is not drawn again. */

import { expect, test } from 'vitest';
import { Shelf } from '../src/desk/shelf';
import { Steady } from '../src/desk/steady';
import { itemsOf, type Item } from '../src/desk/talk';
import { Clock } from '../src/desk/time';
import { aMessage } from './given';

const clock = new Clock('Asia/Tokyo', 'ja');
const said = (seq: number, text: string, talk = 't1') =>
  aMessage({ id: `m${seq}`, conversation_id: talk, seq, text, at: `2026-11-27T01:0${seq}:00Z` });

function opened(): Shelf {
  const shelf = new Shelf();
  shelf.putPage('t1', [said(1, 'a'), said(2, 'b')], false, 1);
  return shelf;
}

test('only the line that changed is another object', () => {
  const [shelf, steady] = [opened(), new Steady<Item>()];
  const talk = shelf.talkOf('t1');
  const before = steady.of(itemsOf(talk, clock));
  shelf.putMessage(said(2, 'B'), 2);
  const after = steady.of(itemsOf(talk, clock));

  expect(after.map((item, n) => item === before[n])).toEqual(before.map((item) => item.key !== 'm2'));
  expect(after.at(-1)).toMatchObject({ message: { text: 'B' } });
});

test('the same lines are the same list, and a new one comes beside the old', () => {
  const [shelf, steady] = [opened(), new Steady<Item>()];
  const talk = shelf.talkOf('t1');
  const before = steady.of(itemsOf(talk, clock));
  expect(steady.of(itemsOf(talk, clock))).toBe(before);

  shelf.putMessage(said(9, 'c'), 2); // so much later that it is in no breath with the line above
  const after = steady.of(itemsOf(talk, clock));
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after).toHaveLength(before.length + 1);
});

test('a talk counts what is put into it, and not what others get', () => {
  const shelf = opened();
  const { changes } = shelf.talkOf('t1');
  shelf.putMessage(said(1, 'x', 't2'), 2);
  expect(shelf.talkOf('t1').changes).toBe(changes);
  shelf.putMessage(said(3, 'c'), 2);
  expect(shelf.talkOf('t1').changes).toBeGreaterThan(changes);
});
