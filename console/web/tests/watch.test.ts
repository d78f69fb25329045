import { describe, expect, it } from 'vitest';
import { Unreachable } from '../src/desk/api';
import { Pulse } from '../src/desk/presence';
import type { Conversation } from '../src/desk/rows';
import type { Target } from '../src/inbox/rows';
import { isPeriod, lastDays, parseAsked, searchOf } from '../src/watch/asked';
import { barsOf, isTime, largest, lineOf, percent, sizeOf, valueOf } from '../src/watch/figures';
import { reassign } from '../src/watch/reassign';
import type { ReportRow, Seat } from '../src/watch/rows';
import { inOrder } from '../src/watch/seats';
import { en } from '../src/watch/words_en';
import { ja } from '../src/watch/words_ja';
import { en as consoleEn } from '../src/words/en';
import { ja as consoleJa } from '../src/words/ja';

const TODAY = '2026-11-24';

describe('what a report is asked for', () => {
  it('is the last seven days by day at first, and says nothing in the address', () => {
    const asked = parseAsked('', TODAY);

    expect(asked).toEqual({
      days: 7,
      from: '2026-11-18',
      to: TODAY,
      by: 'day',
      account: null,
    });
    expect(searchOf(asked)).toBe('');
  });

  it('comes back from its address as it was', () => {
    for (const search of [
      '?days=30&by=operator',
      '?from=2026-10-01&to=2026-10-31&by=answers&account=main',
      '?days=1',
    ])
      expect(searchOf(parseAsked(search, TODAY))).toBe(search);
  });

  it('does not take what is no period', () => {
    expect(isPeriod('2026-11-01', '2026-11-30')).toBe(true);
    expect(isPeriod('2026-11-30', '2026-11-01')).toBe(false);
    expect(isPeriod('2024-01-01', '2026-11-01')).toBe(false);
    expect(isPeriod('x', '2026-11-01')).toBe(false);
    expect(parseAsked('?from=2026-11-30&to=2026-11-01&by=nonsense', TODAY)).toMatchObject({
      days: 7,
      by: 'day',
    });
    expect(lastDays(1, TODAY)).toEqual({ days: 1, from: TODAY, to: TODAY });
  });
});

describe('figures', () => {
  const row: ReportRow = {
    key: 'x',
    label: 'x',
    counts: { talks: 4, bot_only: null },
    times: { reply: { count: 3, mean_s: 5, median_s: 7, p90_s: 9 }, handled: null },
  };

  it('are counts, or the length that stands for many', () => {
    expect([valueOf(row, 'talks'), sizeOf(row, 'talks')]).toEqual([4, 4]);
    expect([valueOf(row, 'reply'), sizeOf(row, 'reply')]).toEqual([7, 3]);
    expect([valueOf(row, 'handled'), sizeOf(row, 'handled')]).toEqual([null, 0]);
    expect([valueOf(row, 'bot_only'), sizeOf(row, 'bot_only')]).toEqual([null, 0]);
    expect([isTime('reply'), isTime('push')]).toEqual([true, false]);
  });

  it('are drawn as bars of which the largest is full', () => {
    const bars = barsOf([0, 5, null, 10]);

    expect(bars.map((bar) => bar.height)).toEqual([0, 50, 0, 100]);
    expect(largest([0, 5, null, 10])).toBe(3);
    expect(largest([0, null])).toBe(-1);
    expect(barsOf([0, 0]).every((bar) => bar.height === 0)).toBe(true);
  });

  it('are drawn as a line that is broken where nothing is known', () => {
    expect(lineOf([0, 10, null, 5], 0, 10)).toEqual(['0,100 33.33,0', '100,50']);
    expect(lineOf([null, null], 0, 1)).toEqual([]);
  });

  it('have no share of nothing', () => {
    expect([percent(1, 3), percent(0, 0)]).toEqual([33, null]);
  });
});

describe('giving many talks to one', () => {
  const talk = (id: string) => ({ id, epoch: 1, last_seq: 3 }) as Conversation;
  const given = (id: string) => ({ id, code: 'done', message: null, conversation: talk(id) });
  const why = '田中さんが担当になりました';
  const lost = { id: 'b', code: 'lost_race', message: why, conversation: null };

  it('goes on after one that is refused, and says why', async () => {
    const asked: string[][] = [];
    const bulk = (talks: Target[]) => {
      asked.push(talks.map((one) => one.id));
      return Promise.resolve({ items: talks.map(({ id }) => (id === 'b' ? lost : given(id))) });
    };
    const told: number[] = [];

    const outcome = await reassign(
      [talk('a'), talk('b'), talk('c')],
      { operator_id: 'op' },
      bulk,
      (rows, count) => told.push(rows.length, count),
    );

    expect(outcome).toEqual({ done: 2, failed: 1, why: '田中さんが担当になりました' });
    expect([asked, told]).toEqual([[['a', 'b', 'c']], [2, 3]]);
  });

  it('stops where the server cannot be reached', async () => {
    const bulk = (talks: Target[]) =>
      talks.some((one) => one.id === 't50')
        ? Promise.reject(new Unreachable(null))
        : Promise.resolve({ items: talks.map(({ id }) => given(id)) });
    const many = Array.from({ length: 60 }, (_, number) => talk(`t${number}`));

    const outcome = await reassign(many, { queue: 'x' }, bulk, () => {});

    expect(outcome).toEqual({ done: 50, failed: 10, why: '' });
  });
});

it('shows who is there first, and of them who holds most', () => {
  const seat = (name: string, there: Seat['there'], active: number) =>
    ({ name, there, active, pending: 0 }) as Seat;

  const names = inOrder([
    seat('a', 'gone', 9),
    seat('b', 'here', 1),
    seat('c', 'away', 5),
    seat('d', 'here', 3),
  ]).map((one) => one.name);

  expect(names).toEqual(['d', 'b', 'c', 'a']);
});

describe('looking silently', () => {
  it('tells nobody at which talk one is, until one writes an answer', () => {
    const pulse = new Pulse();

    expect(pulse.beat('t1', true, 0, true)).toEqual({ conversation_id: null, doing: 'viewing' });
    expect(pulse.beat('t2', true, 1000, true)).toBe(null);
    pulse.wrote(2000);
    expect(pulse.beat('t2', true, 2000, true)).toEqual({
      conversation_id: 't2',
      doing: 'composing',
    });
    pulse.stopped();
    expect(pulse.beat('t2', true, 3000, true)).toEqual({ conversation_id: null, doing: 'viewing' });
    expect(pulse.beat('t2', true, 4000, false)).toMatchObject({ conversation_id: 't2' });
  });
});

it('has every word in both languages, with the same values', () => {
  const holes = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]))].sort();
  for (const [key, text] of Object.entries(ja)) {
    expect(en[key as keyof typeof ja], key).toBeTruthy();
    expect(holes(en[key as keyof typeof ja]), key).toEqual(holes(text));
  }
});

describe('how a message stands', () => {
  it('has one word, in the talk as in the list of failures', () => {
    for (const [list, talk] of [
      [ja, consoleJa],
      [en, consoleEn],
    ] as const) {
      expect(talk['delivery.unknown']).toBe(talk['delivery.maybe_sent']);
      expect(list['failures.unsure']).toBe(talk['delivery.unknown']);
      expect(list['failures.held']).toBe(talk['delivery.held']);
      expect(list['failures.checking']).toBe(talk['delivery.checking']);
      expect(list['failures.rejected']).toBe(talk['delivery.rejected']);
      expect(list['failures.inferred']).toBe(talk['delivery.inferred_sent']);
      expect(list['failures.retry']).toBe(talk['out.again']);
    }
  });
});
