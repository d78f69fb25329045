import type { Mention } from '../src/desk/rows';
import { withLooked } from '../src/inbox/looked';
import { describe, expect, test } from 'vitest';
import { filterIn, wordsOf } from '../src/desk/filters';
import { NOTHING, stretched, toggled, whole, within } from '../src/inbox/choosing';
import { standing, withPage } from '../src/inbox/holding';
import { resultOf } from '../src/inbox/results';
import type { Outcome } from '../src/inbox/rows';
import { undoOf } from '../src/inbox/undoing';
import { anchored, drawn, scrollFor } from '../src/inbox/windowing';
import { en } from '../src/inbox/words_en';
import { ja } from '../src/inbox/words_ja';
import { aConversation } from './given';

const HOLE = /\{(\w+)\}/g;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `t${n}`);
const outcome = (id: string, code = 'done', message: string | null = null): Outcome => ({
  id,
  code,
  message,
  conversation: null,
});

test('an address and a filter are the same thing, and nonsense asks for nothing', () => {
  const address =
    'view=all&account=main&queue=%E5%8F%97%E4%BB%98&tag=VIP&tag=a%2Cb&status=active&assignee=me&assignee=none&waited=30&unseen=1&sort=newest';
  expect(new URLSearchParams(wordsOf(filterIn(new URLSearchParams(address)))).toString()).toBe(address);

  const odd = filterIn(new URLSearchParams('view=x&status=x&status=done&waited=-3&unseen=yes&sort=up'));
  expect(wordsOf(odd)).toEqual([['status', 'done']]);
});

test('a short list is drawn whole, a long one near the eye and where the focus is', () => {
  expect(drawn(200, 90, { top: 0, height: 900 }, [])).toHaveLength(200);
  expect(drawn(50, 90, { top: 0, height: 900 }, [], false)).toHaveLength(18);

  const some = drawn(10_000, 90, { top: 90_000, height: 900 }, [3, 1004]);
  expect([some[0], some[1], some.at(-1)]).toEqual([3, 992, 1017]);
  expect(drawn(10_000, 90, { top: 10_000_000, height: 900 }, [-1])).toEqual([9999]);
});

test('the list is scrolled as little as shows the row', () => {
  const eye = { top: 900, height: 450 };
  expect([scrollFor(3, 90, eye), scrollFor(12, 90, eye), scrollFor(16, 90, eye)]).toEqual([270, null, 1080]);
});

test('what is read stays where it is when rows come and go above it', () => {
  const before = ids(50);
  expect(anchored(before, ['new', ...before], 90, 1000)).toBe(1090);
  expect(anchored(before, before.slice(2), 90, 1000)).toBe(820);
  expect(anchored(before, before.filter((id) => id !== 't11'), 90, 1000)).toBe(910);
  expect(anchored(before, ['new', ...before], 90, 0)).toBe(0);
});

test('under the mouse the list stands still, and says how much is new', () => {
  const held = ['a', 'b', 'c'];
  expect(standing(['x', 'a', 'c'], held)).toEqual({ ids: held, fresh: 2 });
  expect(standing(['b', 'a', 'c'], held).fresh).toBe(1);
  expect(standing(['b'], null)).toEqual({ ids: ['b'], fresh: 0 });
  expect(withPage(held, ['x', 'a', 'c', 'd', 'e'])).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('Shift chooses from one row to another, either way, and takes away as well', () => {
  const order = ids(6);
  let chosen = stretched(toggled(NOTHING, 't4'), 't2', order);
  expect([...chosen.ids].sort()).toEqual(['t2', 't3', 't4']);

  chosen = stretched(toggled(chosen, 't3'), 't2', order);
  expect([...chosen.ids]).toEqual(['t4']);
  expect(within(whole(order), ['t1', 'zz']).ids).toEqual(new Set(['t1']));
});

test('what happened is added up: done, so already, and why not', () => {
  const found = resultOf(
    [outcome('a'), outcome('b', 'same'), outcome('c', 'lost_race', '先に操作'), outcome('d', 'x', '権限'), outcome('e', 'x', '権限')],
    ['f'],
    2,
  );

  expect([found.done.length, found.same, found.failed.length, found.rest]).toEqual([1, 1, 4, 2]);
  expect(found.reasons[0]).toEqual({ reason: '権限', count: 2 });
});

test('the opposite gives each talk back to whoever had it, and nothing to the bot', () => {
  const before = [
    aConversation({ id: 'a', assignee_id: 'p', status: 'active' }),
    aConversation({ id: 'b' }),
    aConversation({ id: 'c', status: 'bot' }),
    aConversation({ id: 'd', assignee_id: 'p', status: 'pending' }),
  ];
  const done = ['a', 'b', 'c', 'd'].map((id) => outcome(id));

  const undone = undoOf({ action: 'assign', operator_id: 'q' }, before, done);
  expect(undone.map(({ ids: some }) => some)).toEqual([['a', 'd'], ['b']]);
  expect(undoOf({ action: 'resolve' }, before, [done[1]!])).toEqual([
    { deed: { action: 'reopen' }, ids: ['b'] },
  ]);
  expect(undoOf({ action: 'return' }, before, done)).toEqual([]);
});

test('every word of the list is there in both languages, with the same holes', () => {
  for (const [word, text] of Object.entries(ja)) {
    const english = en[word as keyof typeof ja];
    expect([...english.matchAll(HOLE)].map((m) => m[1]).sort(), word).toEqual(
      [...text.matchAll(HOLE)].map((m) => m[1]).sort(),
    );
    expect(/[ぁ-んァ-ン一-龥]/.test(english), word).toBe(false);
  }
});

describe('the list of what calls oneself and was not seen', () => {
  const row = (id: string, talk: string, at: string) =>
    ({ id, conversation_id: talk, at, seen_at: null }) as Mention;

  test('keeps a row where it stood once one has looked at its talk', () => {
    const shown = [row('n3', 'b', '3'), row('n2', 'a', '2'), row('n1', 'c', '1')];
    const listed = [row('n4', 'b', '4'), row('n3', 'b', '3')];

    const kept = withLooked(listed, shown, new Set(['a']));

    expect(kept.map((one) => one.id)).toEqual(['n4', 'n3', 'n2']);
    expect(kept[2]!.seen_at).not.toBeNull();
  });
});
