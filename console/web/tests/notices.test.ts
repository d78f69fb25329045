import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../src/desk/rows';
import { Memory } from '../src/notices/memory';
import { AT_FIRST, decide, isQuiet, isWaiting, type Notices, type Occasion, type Person } from '../src/notices/rules';
import { answered, dismiss, toast, toasts } from '../src/state/toasts.svelte';
import { aConversation } from './given';

interface Case {
  name: string;
  entry: Entry;
  person: Person;
  rules: Partial<Notices>;
  told: { is_looking: boolean; looked_at: string | null; told_at: Record<string, string> };
  now: string;
  zone: string;
  expected: { occasion: Occasion; channels: string[]; is_quiet: boolean } | null;
}

const cases = JSON.parse(
  readFileSync(new URL('notice-cases.json', import.meta.url), 'utf8'),
) as Case[];

describe('the browser decides as the server does', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const told = {
      isLooking: one.told.is_looking,
      lookedAt: one.told.looked_at === null ? null : Date.parse(one.told.looked_at),
      toldAt: Object.fromEntries(
        Object.entries(one.told.told_at).map(([occasion, at]) => [occasion, Date.parse(at)]),
      ),
    };
    const rules = { ...AT_FIRST, ...one.rules };

    const decision = decide(one.entry, one.person, rules, told, Date.parse(one.now), one.zone);

    const shown = decision && {
      occasion: decision.occasion,
      channels: decision.channels,
      is_quiet: decision.isQuiet,
    };
    expect(shown).toEqual(one.expected);
  });
});

test('ten messages ring once, and again when one has looked', () => {
  const { entry, person, zone } = cases[0]!;
  const memory = new Memory();
  const begin = Date.parse(entry.at);
  let rung = 0;
  const hear = (at: number) => {
    const known = memory.of('t1', false);
    const later = { ...entry, at: new Date(at).toISOString() };
    const decision = decide(later, person, AT_FIRST, known, at, zone);
    if (decision === null || decision.channels.length === 0) return;
    memory.told('t1', decision.occasion, at);
    rung += 1;
  };

  for (let second = 0; second < 10; second += 1) hear(begin + second * 1000);
  expect(rung).toBe(1);

  memory.looked('t1', begin + 20_000);
  hear(begin + 120_000);
  expect(rung).toBe(2);
});

test('a page remembers five hundred talks and no more', () => {
  const memory = new Memory();
  for (let number = 0; number < 501; number += 1) memory.told(`t${number}`, 'reply', 1);

  expect(memory.of('t0', false).toldAt).toEqual({});
  expect(memory.of('t500', false).toldAt).toEqual({ reply: 1 });
});

test('quiet hours follow the summer time of the zone', () => {
  const quiet = { is_on: true, days: [6], begins: '02:30', ends: '04:00' };
  const at = (moment: string) => isQuiet(quiet, Date.parse(moment), 'Europe/Berlin');

  expect(at('2026-03-29T01:30:00Z')).toBe(true); // 03:30, an hour after the clocks went on
  expect(at('2026-03-29T02:30:00Z')).toBe(false); // 04:30
});

describe('a toast that asks for somebody', () => {
  test('goes once one has come, and no other with it', () => {
    toast('担当者を待っています', false, { talk: 'c1', isAsking: true });
    toast('返信がありました', false, { talk: 'c1' });
    toast('担当者を待っています', false, { talk: 'c2', isAsking: true });

    answered('c1');

    expect(toasts.map(({ text, to }) => [text, to?.talk])).toEqual([
      ['返信がありました', 'c1'],
      ['担当者を待っています', 'c2'],
    ]);
    for (const { id } of [...toasts]) dismiss(id);
  });

  test('holds while nobody has the talk and it waits', () => {
    expect(isWaiting(aConversation())).toBe(true);
    expect(isWaiting(aConversation({ assignee_id: 'o1', status: 'active' }))).toBe(false);
    expect(isWaiting(aConversation({ status: 'bot' }))).toBe(false);
  });
});
