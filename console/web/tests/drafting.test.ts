import { describe, expect, test } from 'vitest';
import { Clock } from '../src/desk/time';
import { Shelf } from '../src/desk/shelf';
import { leftOf } from '../src/drafting/cost';
import { calledIn, calledStill, callingAt, folded, matchingPeople, piecesOf } from '../src/drafting/mentions';
import { choices, isPossible } from '../src/drafting/moments';
import type { Quota, Scheduled, SharedDraft } from '../src/drafting/rows';
import { en } from '../src/drafting/words_en';
import { ja } from '../src/drafting/words_ja';
import { AT, anEntry } from './given';

const PEOPLE = [
  { id: 'a', name: '見本 アヤ', role: 'operator' as const },
  { id: 'b', name: '見本 さとう', role: 'operator' as const },
  { id: 'c', name: 'Mihon Carol', role: 'viewer' as const },
];

describe('a call of a colleague', () => {
  test.each([
    ['お願いします @さ', { from: 7, to: 9, query: 'さ' }],
    ['@', { from: 0, to: 1, query: '' }],
    ['＠さとう', { from: 0, to: 4, query: 'さとう' }],
    ['mail@example.com', null],
    ['@さとう\n次の行', null],
    ['呼びません', null],
    ['です@ア', { from: 2, to: 4, query: 'ア' }],
  ])('%s', (text, calling) => {
    expect(callingAt(text, text.length)).toEqual(calling);
  });

  test('is found by either kana, of any width and case', () => {
    expect(matchingPeople(PEOPLE, 'あや').map((one) => one.id)).toEqual(['a']);
    expect(matchingPeople(PEOPLE, 'ｻﾄｳ').map((one) => one.id)).toEqual(['b']);
    expect(matchingPeople(PEOPLE, 'carol').map((one) => one.id)).toEqual(['c']);
    expect(matchingPeople(PEOPLE, '')).toHaveLength(3);
    expect(folded('ＡＢ ガ')).toBe('abが');
  });

  test('counts only as long as it stands in the text', () => {
    expect(calledIn('@見本 アヤ お願い', PEOPLE)).toEqual(['a']);
    expect(calledIn('見本 アヤ お願い', PEOPLE)).toEqual([]);
  });

  test('is seen again in the note, the longer name before the shorter', () => {
    const names: Record<string, string> = { a: '見本', b: '見本 さとう' };
    const pieces = piecesOf('@見本 さとう と @見本 へ', ['a', 'b', 'gone'], (id) => names[id] ?? null);
    expect(pieces).toEqual([
      { text: '@見本 さとう', id: 'b' },
      { text: ' と ', id: null },
      { text: '@見本', id: 'a' },
      { text: ' へ', id: null },
    ]);
  });
});

describe('the moments to choose from', () => {
  const clock = new Clock('Asia/Tokyo', 'ja');
  const what = (at: string, opening: string | null) =>
    choices(clock, Date.parse(at), opening).map((one) => [one.what, one.at.toISOString()]);

  test('at ten in the morning', () => {
    expect(what('2026-11-24T01:00:00Z', '2026-11-25T01:00:00Z')).toEqual([
      ['evening', '2026-11-24T08:00:00.000Z'],
      ['morning', '2026-11-25T00:00:00.000Z'],
      ['opening', '2026-11-25T01:00:00.000Z'],
    ]);
  });

  test('in the evening, and where the counter never opens', () => {
    expect(what('2026-11-24T07:55:00Z', null)).toEqual([['morning', '2026-11-25T00:00:00.000Z']]);
  });

  test('where the counter opens in the morning, once', () => {
    expect(what('2026-11-24T07:55:00Z', '2026-11-25T00:00:00Z')).toHaveLength(1);
  });

  test('only what is ahead and within a year may be chosen', () => {
    const now = Date.parse('2026-11-24T01:00:00Z');
    expect(isPossible(new Date(now), now)).toBe(false);
    expect(isPossible(new Date(now + 1), now)).toBe(true);
    expect(isPossible(new Date('2028-01-01'), now)).toBe(false);
    expect(isPossible(null, now)).toBe(false);
  });
});

describe('what is left of the month', () => {
  const quota = (change: Partial<Quota>): Quota => ({
    id: 'main', account: 'main', kind: 'limited', most: 1000, used: 0, left: 1000, read_at: AT,
    reserve: 100, reserve_percent: 10, stopped_at: null, forecast: null, ends_on: null,
    shows_loading: true, marks_read: false,
    ...change,
  });

  test.each([
    [undefined, 'unknown'],
    [quota({ kind: null }), 'unknown'],
    [quota({ kind: 'none', most: null, left: null }), 'unlimited'],
    [quota({ left: 100 }), 'enough'],
    [quota({ left: 99 }), 'low'],
    [quota({ left: 0 }), 'none'],
  ])('%#', (given, left) => {
    expect(leftOf(given)).toBe(left);
  });

  test('an older reading never replaces a newer one', () => {
    const shelf = new Shelf();
    shelf.putQuota(quota({ left: 5, read_at: '2026-11-24T02:00:00.000Z' }));
    shelf.putQuota(quota({ left: 9, read_at: '2026-11-24T01:00:00.000Z' }));
    expect(shelf.quotas.get('main')!.left).toBe(5);
  });
});

describe('the shelf', () => {
  test('a draft that is shared no more does not come back with an older page', () => {
    const draft: SharedDraft = {
      id: 'd1', conversation_id: 'c1', operator_id: 'a', operator_name: '見本', kind: 'reply',
      text: '途中', shared: true, to: null, updated_at: AT, version: 2,
    };
    const shelf = new Shelf();
    shelf.apply(anEntry(4, { draft: { ...draft, shared: false, text: '', version: 3 } }));
    shelf.putDraft(draft);
    expect(shelf.drafts.get('d1')!.shared).toBe(false);
  });

  test('a message for later is as its newest row says', () => {
    const one = { id: 's1', version: 1, state: 'waiting' } as Scheduled;
    const shelf = new Shelf();
    shelf.apply(anEntry(4, { scheduled: { ...one, version: 2, state: 'sent' } }));
    shelf.putScheduled(one);
    expect(shelf.scheduled.get('s1')!.state).toBe('sent');
  });
});

test('every word is said in both languages, with the same values', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const key of Object.keys(ja) as (keyof typeof ja)[])
    expect([key, holes(en[key])]).toEqual([key, holes(ja[key])]);
});

describe('a note with other words', () => {
  const nameOf = (id: string) => PEOPLE.find((one) => one.id === id)?.name ?? null;

  test('calls those whose name still stands there, and who is in no list any more', () => {
    const before = ['a', 'gone'];

    expect(calledStill('@見本 アヤ お願い', before, [], nameOf)).toEqual(['gone', 'a']);
    expect(calledStill('お願い', before, [], nameOf)).toEqual(['gone']);
    expect(calledStill('@新しい人', [], [{ id: 'n', name: '新しい人' }], nameOf)).toEqual(['n']);
  });
});
