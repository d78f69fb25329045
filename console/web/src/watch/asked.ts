/** What a report shows, as its address has it, so that going back comes back to it. */

import { BYS, type By } from './rows';

export type Tab = By | 'answers';
export const TABS: readonly Tab[] = [...BYS, 'answers'];
export const PERIODS = [1, 7, 30] as const;
const AT_FIRST = 7;
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** days: the last so many, today included; null: from `from` to `to`. */
export interface Asked {
  days: number | null;
  from: string;
  to: string;
  by: Tab;
  account: string | null;
}

/** today: 2026-11-24, in the workspace's zone. */
export function parseAsked(search: string, today: string): Asked {
  const given = new URLSearchParams(search);
  const by = TABS.find((one) => one === given.get('by')) ?? 'day';
  const account = given.get('account');
  const [from, to] = [given.get('from') ?? '', given.get('to') ?? ''];
  if (isPeriod(from, to)) return { days: null, from, to, by, account };
  const days = PERIODS.find((one) => String(one) === given.get('days')) ?? AT_FIRST;
  return { ...lastDays(days, today), by, account };
}

export function searchOf({ days, from, to, by, account }: Asked): string {
  const given = new URLSearchParams();
  if (days === null) {
    given.set('from', from);
    given.set('to', to);
  } else if (days !== AT_FIRST) given.set('days', String(days));
  if (by !== 'day') given.set('by', by);
  if (account !== null) given.set('account', account);
  const search = given.toString();
  return search === '' ? '' : `?${search}`;
}

export function lastDays(days: number, today: string): Pick<Asked, 'days' | 'from' | 'to'> {
  const first = new Date(Date.parse(`${today}T00:00Z`) - (days - 1) * DAY_MS);
  return { days, from: first.toISOString().slice(0, 10), to: today };
}

/** Two days in their order, not too far from each other. */
export function isPeriod(from: string, to: string): boolean {
  const [first, last] = [dayOf(from), dayOf(to)];
  if (first === null || last === null) return false;
  const count = (last - first) / DAY_MS + 1;
  return count >= 1 && count <= MOST_DAYS;
}

function dayOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00Z`);
  return Number.isNaN(ms) ? null : ms;
}
