import { describe, expect, test } from 'vitest';
import { Clock, isLate, secondsUntil, waited } from '../src/desk/time';

const tokyo = new Clock('Asia/Tokyo', 'ja');
const NOW = Date.parse('2026-11-24T01:23:00Z'); // 10:23 on Tuesday in Tokyo

describe('times', () => {
  test('are shown in the organisation’s zone', () => {
    expect(tokyo.time('2026-11-23T15:05:00Z')).toBe('00:05');
    expect(tokyo.day('2026-11-23T15:05:00Z', NOW)).toBe('11月24日(火)');
    expect(tokyo.day('2025-01-01T00:00:00Z', NOW)).toBe('2025年1月1日(水)');
  });

  test('are short: a time today, a day before', () => {
    expect(tokyo.short('2026-11-23T16:00:00Z', NOW)).toBe('01:00');
    expect(tokyo.short('2026-11-17T16:00:00Z', NOW)).toBe('11月18日');
  });

  test('tomorrow at nine is nine o’clock there, wherever the browser is', () => {
    expect(tokyo.tomorrowAt(9, NOW).toISOString()).toBe('2026-11-25T00:00:00.000Z');
    const lateEvening = Date.parse('2026-11-24T14:59:00Z');
    expect(tokyo.tomorrowAt(9, lateEvening).toISOString()).toBe('2026-11-25T00:00:00.000Z');
  });

  test('a picked local time is read in the zone, and comes back as it was picked', () => {
    const picked = tokyo.parseLocal('2026-11-27T14:00')!;
    expect(picked.toISOString()).toBe('2026-11-27T05:00:00.000Z');
    expect(tokyo.local(picked.getTime())).toBe('2026-11-27T14:00');
    expect(tokyo.parseLocal('')).toBeNull();
  });

  test('keep their hour where clocks change', () => {
    const berlin = new Clock('Europe/Berlin', 'en');
    expect(berlin.moment(2026, 10, 25, 9, 0).toISOString()).toBe('2026-10-25T08:00:00.000Z');
    expect(berlin.moment(2026, 3, 29, 9, 0).toISOString()).toBe('2026-03-29T07:00:00.000Z');
  });
});

describe('waiting', () => {
  test.each([
    [30, { unit: 'now', count: 0 }],
    [60 * 24, { unit: 'minutes', count: 24 }],
    [3600 * 5, { unit: 'hours', count: 5 }],
    [86400 * 3, { unit: 'days', count: 3 }],
  ])('%d seconds are told in one unit', (seconds, span) => {
    expect(waited(new Date(NOW - seconds * 1000).toISOString(), NOW)).toEqual(span);
  });

  test('is late from ten minutes on', () => {
    expect(isLate(new Date(NOW - 599_000).toISOString(), NOW)).toBe(false);
    expect(isLate(new Date(NOW - 600_000).toISOString(), NOW)).toBe(true);
  });

  test('a free reply counts down to nothing and never below', () => {
    expect(secondsUntil('2026-11-24T01:23:20.500Z', NOW)).toBe(21);
    expect(secondsUntil('2026-11-24T01:22:00Z', NOW)).toBe(0);
    expect(secondsUntil(null, NOW)).toBe(0);
  });
});
