import { describe, expect, test } from 'vitest';
import { dueOf } from '../src/counter/due';
import { sayIn } from '../src/words/words';

const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);
const row = { reply_risk_at: '2026-11-24T01:10:00Z', reply_due_at: '2026-11-24T01:15:00Z' };

describe('what is said of a promised answer', () => {
  test('nothing, where nothing was promised or there is time', () => {
    expect(dueOf({ reply_risk_at: null, reply_due_at: null }, at('01:14:00'))).toBeNull();
    expect(dueOf(row, at('01:09:59'))).toBeNull();
  });

  test.each([
    ['01:10:00', 'risk', 'あと5分', '5 min left'],
    ['01:14:59', 'risk', 'あと1分', '1 min left'],
    ['01:15:00', 'late', '期限を過ぎました', 'Just overdue'],
    ['01:27:30', 'late', '12分超過', '12 min overdue'],
    ['03:20:00', 'late', '2時間超過', '2 h overdue'],
  ])('at %s it is a %s', (time, kind, japanese, english) => {
    const due = dueOf(row, at(time))!;
    expect(due.kind).toBe(kind);
    expect(sayIn('ja')(due.word, { count: due.count })).toBe(japanese);
    expect(sayIn('en')(due.word, { count: due.count })).toBe(english);
  });
});
