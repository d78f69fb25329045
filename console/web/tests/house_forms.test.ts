import { expect, test } from 'vitest';
import { endOf, holes, isInLines, newId, readAsks, search, writeAsks } from '../src/flows/house/faq';
import {
  keyOf,
  monthFrom,
  nextDay,
  oneMore,
  readClock,
  readSpan,
  valueOf,
  valueOfHours,
  writeClock,
} from '../src/flows/house/hours';
import { formKind } from '../src/flows/house/kinds';
import type { FaqRow, Hours } from '../src/flows/house/rows';
import { beginning, checkName, fileOf, kindsLeft } from '../src/flows/house/starting';
import { Steps } from '../src/flows/house/steps';

const anEntry = (more: Partial<FaqRow> = {}): FaqRow => ({
  at: ['entries', 0],
  id: 'parking',
  ask: ['駐車場はありますか'],
  answer: '3台ございます',
  tag: null,
  people: 0,
  problems: [],
  uses: [],
  ...more,
});

test.each([
  ['9:00', '09:00'],
  ['０９：３０', '09:30'],
  ['930', '09:30'],
  ['9時', '09:00'],
  ['26:00', '26:00'],
  ['翌2:00', '26:00'],
  [' 18:05 ', '18:05'],
])('a time is read however it is typed: %s', (typed, written) => {
  expect(writeClock(readClock(typed)!)).toBe(written);
});

test.each(['', '10:60', '49:00', '翌25:00', '10時ごろ', '1:2', '-1:00', '10:00-19:00'])(
  'what is no time is none: %s',
  (typed) => {
    expect(readClock(typed)).toBeNull();
  },
);

test('hours may reach into the next day, but begin within their own', () => {
  expect(readSpan('18:00', '26:00')).toEqual({ start: '18:00', end: '26:00' });
  expect(readSpan('24:00', '26:00')).toBeNull();
  expect(nextDay({ start: '18:00', end: '26:00' })).toBe('2:00');
  expect(nextDay({ start: '18:00', end: '02:00' })).toBe('2:00');
  expect(nextDay({ start: '10:00', end: '24:00' })).toBeNull();
  expect(nextDay({ start: '10:00', end: '19:00' })).toBeNull();
});

test('hours stand in the file as people write them', () => {
  const spans = [
    { start: '09:00', end: '12:00' },
    { start: '14:00', end: '18:00' },
  ];
  const hours = (more: Partial<Hours>): Hours => ({ kind: 'closed', spans: [], like: null, text: '', ...more });

  expect(valueOf([])).toBe('closed');
  expect(valueOf(spans.slice(0, 1))).toBe('09:00-12:00');
  expect(valueOf(spans)).toEqual(['09:00-12:00', '14:00-18:00']);
  expect(valueOfHours(hours({ kind: 'like', like: 'sun' }))).toBe('like sun');
  expect(valueOfHours(hours({}))).toBe('closed');
  expect(oneMore(spans)).toEqual({ start: '19:00', end: '21:00' });
  expect(oneMore([])).toEqual({ start: '10:00', end: '19:00' });
});

test('special days are one day or several, never backwards', () => {
  expect(keyOf('2026-12-31', '')).toBe('2026-12-31');
  expect(keyOf('2026-12-31', '2026-12-31')).toBe('2026-12-31');
  expect(keyOf('2026-12-31', '2027-01-03')).toBe('2026-12-31..2027-01-03');
  expect(keyOf('2027-01-03', '2026-12-31')).toBeNull();
  expect(keyOf('', '2026-12-31')).toBeNull();
  expect(monthFrom('2026-12', 1)).toBe('2027-01');
  expect(monthFrom('2026-01', -1)).toBe('2025-12');
});

test('ways to ask are lines; empty ones and repeated ones are none', () => {
  expect(readAsks(' 何時から \n\n何時まで\n何時から')).toEqual(['何時から', '何時まで']);
  expect(writeAsks(['何時から', '', '何時まで'])).toBe('何時から\n何時まで');
  expect(isInLines(anEntry())).toBe(false);
  expect(isInLines(anEntry({ ask: ['一行\n二行'] }))).toBe(true);
  expect(endOf('文\n')).toBe('\n');
  expect(endOf('文')).toBe('');
});

test('entries are found by any of their words, in any width', () => {
  const rows = [anEntry(), anEntry({ id: 'wifi', ask: ['Wi-Fiはありますか'], tag: '車' })];

  expect(search(rows, '')).toEqual([0, 1]);
  expect(search(rows, 'ｗｉ－ｆｉ')).toEqual([1]);
  expect(search(rows, '駐車場 3台')).toEqual([0]);
  expect(search(rows, '駐車場　５台')).toEqual([]);
});

test('a new entry has a name of its own', () => {
  expect(newId([])).toBe('q1');
  expect(newId([anEntry({ id: 'q3' }), anEntry({ id: 'x' })])).toBe('q4');
});

test('holes of an answer are told from its words', () => {
  expect(holes('{{name}}様、はい')).toEqual([
    { text: '{{name}}', isHole: true },
    { text: '様、はい', isHole: false },
  ]);
});

test('each change is one step back, letter after letter in one place is one', () => {
  const steps = new Steps();
  steps.did('a', 'ab', 'note x');
  steps.did('ab', 'abc', 'note x');
  steps.did('abc', 'abcd', 'note y');
  steps.did('abcd', 'abcd', 'nothing');

  expect(steps.undo('abcd')).toBe('abc');
  expect(steps.undo('abc')).toBe('a');
  expect(steps.undo('a')).toBeNull();
  expect(steps.isEmpty).toBe(true);
});

test('what was typed in the text since goes first', () => {
  const steps = new Steps();
  steps.did('a', 'b', '');

  expect(steps.undo('b typed')).toBe('b');
  expect(steps.undo('b')).toBe('a');
});

test('new files have a place, a name that is free, and a beginning', () => {
  const files = ['tags.yaml', 'faq/salon.yaml'];

  expect(kindsLeft(files)).toEqual(['faq', 'flex', 'calendar', 'fields.yaml', 'queues.yaml', 'links.yaml']);
  expect(checkName('faq', 'salon', files)).toBe('taken');
  expect(checkName('faq', '営業', files)).toBe('bad');
  expect(checkName('faq', '', files)).toBe('bad');
  expect(checkName('calendar', 'salon', files)).toBeNull();
  expect(checkName('fields.yaml', '', files)).toBeNull();
  expect(fileOf('calendar', 'branch')).toBe('calendars/branch.yaml');
  expect(beginning('faq', 'events', '催し')).toBe('faq: events\ntitle: 催し\nentries: []\n');
  expect(fileOf('flex', 'coupon')).toBe('flex/coupon.yaml');
  expect(beginning('flex', 'coupon', 'カード')).toContain('"text": "カード"');
});

test('some files have a form, flows and segments have not', () => {
  expect(formKind('faq/salon.yaml')).toBe('faq');
  expect(formKind('calendars/main.yaml')).toBe('calendar');
  expect(formKind('tags.yaml')).toBe('tags');
  expect(formKind('faq.yaml')).toBeNull();
  expect(formKind('segments/young.yaml')).toBeNull();
  expect(formKind('tests/faq.yaml')).toBeNull();
});
