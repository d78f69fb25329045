import { expect, test } from 'vitest';
import { belongs, byWait, type Filter } from '../src/desk/views';
import { aConversation } from './given';

const filter = (change: Partial<Filter> = {}): Filter => ({
  view: 'all',
  account: null,
  queue: null,
  tag: null,
  ...change,
});

test('the longest wait is first; then those without a wait, newest first', () => {
  const rows = [
    aConversation({ id: 'old', waiting_since: null, updated_at: '2026-11-24T01:00:00Z' }),
    aConversation({ id: 'late', waiting_since: '2026-11-24T01:20:00Z' }),
    aConversation({ id: 'new', waiting_since: null, updated_at: '2026-11-24T02:00:00Z' }),
    aConversation({ id: 'early', waiting_since: '2026-11-24T01:10:00Z' }),
  ];

  expect(rows.sort(byWait).map((row) => row.id)).toEqual(['early', 'late', 'new', 'old']);
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
  expect(belongs(row, filter({ queue: '受付', tag: 'VIP', account: 'main' }), 'me')).toBe(true);
  expect(belongs(row, filter({ queue: '予約担当' }), 'me')).toBe(false);
  expect(belongs(row, filter({ tag: '新規' }), 'me')).toBe(false);
  expect(belongs(row, filter({ account: 'another' }), 'me')).toBe(false);
});
