import { expect, test } from 'vitest';
import { LiveList } from '../src/desk/livelist';
import type { Conversation } from '../src/desk/rows';
import { belongs, orderOf, type Filter } from '../src/desk/views';
import told from './fixtures/lists/lists.json';

const rows = told.rows as unknown as Conversation[];
const cases = told.cases as unknown as { filter: Filter; ids: string[] }[];

test.each(cases)('a list is what the server lists: $filter', ({ filter, ids }) => {
  const now = Date.parse(told.now);

  const shown = rows.filter((row) => belongs(row, filter, told.me, now)).sort(orderOf(filter.sort));

  expect(shown.map((row) => row.id)).toEqual(ids);
});

test('a list that follows single changes is the list that is sorted anew', () => {
  const now = Date.parse(told.now);
  const shelf = new Map<string, Conversation>();
  const lists = cases.map(({ filter }) => ({
    following: new LiveList(),
    rule: {
      key: JSON.stringify(filter),
      belongs: (row: Conversation) => belongs(row, filter, told.me, now),
      order: orderOf(filter.sort),
    },
  }));
  let seed = 3;
  const draw = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;

  for (let change = 0; change < 400; change += 1) {
    const [one, like] = [rows[draw(rows.length)]!, rows[draw(rows.length)]!];
    shelf.set(one.id, { ...like, id: one.id });
    const { following, rule } = lists[change % lists.length]!;
    const anew = [...shelf.values()].filter(rule.belongs).sort(rule.order);
    expect(following.of(shelf, rule)).toEqual(anew);
  }
  const { following, rule } = lists[0]!;
  expect(following.of(shelf, rule)).toBe(following.of(shelf, rule));
  const anew = new Map(rows.slice(0, 3).map((row) => [`${row.id}x`, { ...row, id: `${row.id}x` }]));
  expect(following.of(anew, rule).length).toBeLessThanOrEqual(3);
});
