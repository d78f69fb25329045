import { expect, test } from 'vitest';
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
