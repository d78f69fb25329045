import { expect, test } from 'vitest';
import { belongs as belongsAt, NO_CONDITIONS, orderOf, type Filter } from '../src/desk/views';
import type { Conversation } from '../src/desk/rows';
import { aConversation } from './given';

const NOW = Date.parse('2026-11-24T01:53:00.000Z'); // half an hour after AT

const filter = (change: Partial<Filter> = {}): Filter => ({
  view: 'all',
  ...NO_CONDITIONS,
  tag: [],
  status: [],
  assignee: [],
  sort: 'wait',
  ...change,
});

const belongs = (row: Conversation, wanted: Filter, me: string) =>
  belongsAt(row, wanted, me, NOW);

test('the longest wait is first; then those without a wait, newest first', () => {
  const rows = [
    aConversation({ id: 'old', waiting_since: null, updated_at: '2026-11-24T01:00:00Z' }),
    aConversation({ id: 'late', waiting_since: '2026-11-24T01:20:00Z' }),
    aConversation({ id: 'new', waiting_since: null, updated_at: '2026-11-24T02:00:00Z' }),
    aConversation({ id: 'early', waiting_since: '2026-11-24T01:10:00Z' }),
  ];

  expect(rows.sort(orderOf('wait')).map((row) => row.id)).toEqual(['early', 'late', 'new', 'old']);
});

test('mine are those that I hold and that are not done', () => {
  const mine = filter({ view: 'mine' });
  expect(belongs(aConversation({ assignee_id: 'me', status: 'pending' }), mine, 'me')).toBe(true);
  expect(belongs(aConversation({ assignee_id: 'me', status: 'done' }), mine, 'me')).toBe(false);
  expect(belongs(aConversation({ assignee_id: 'b', status: 'active' }), mine, 'me')).toBe(false);
});

test('unassigned are those with people that nobody holds', () => {
  const unassigned = filter({ view: 'unassigned' });
  expect(belongs(aConversation({ status: 'snoozed' }), unassigned, 'me')).toBe(true);
  expect(belongs(aConversation({ status: 'bot' }), unassigned, 'me')).toBe(false);
  expect(belongs(aConversation({ assignee_id: 'b' }), unassigned, 'me')).toBe(false);
});

test('account, queue and tag narrow every view', () => {
  const row = aConversation({ tags: ['VIP'] });
  expect(belongs(row, filter({ queue: '受付', tag: ['VIP'], account: 'main' }), 'me')).toBe(true);
  expect(belongs(row, filter({ queue: '予約担当' }), 'me')).toBe(false);
  expect(belongs(row, filter({ tag: ['新規'] }), 'me')).toBe(false);
  expect(belongs(row, filter({ account: 'another' }), 'me')).toBe(false);
});

test('of several tags, statuses and people any will do, and the kinds narrow each other', () => {
  const row = aConversation({ tags: ['VIP'], assignee_id: 'me', status: 'active' });
  expect(belongs(row, filter({ tag: ['新規', 'VIP'], status: ['waiting', 'active'] }), 'me')).toBe(true);
  expect(belongs(row, filter({ tag: ['VIP'], status: ['waiting'] }), 'me')).toBe(false);
  expect(belongs(row, filter({ assignee: ['none', 'me'] }), 'me')).toBe(true);
  expect(belongs(row, filter({ assignee: ['none'] }), 'me')).toBe(false);
  expect(belongs(aConversation(), filter({ assignee: ['none'] }), 'me')).toBe(true);
});

test('a wait is as long as it says, to the minute', () => {
  const row = aConversation({ unseen_count: 0 });
  expect(belongs(row, filter({ waited: 30 }), 'me')).toBe(true);
  expect(belongs(row, filter({ waited: 31 }), 'me')).toBe(false);
  expect(belongs(row, filter({ unseen: true }), 'me')).toBe(false);
  expect(belongs(aConversation({ waiting_since: null }), filter({ unanswered: true }), 'me')).toBe(false);
});
