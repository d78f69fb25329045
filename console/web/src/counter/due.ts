/** How a promised answer stands: calm, soon due, or late. Said in words, and only when it matters. */

import type { Conversation } from '../desk/rows';
import type { Word } from '../words/words';

export interface Due {
  kind: 'risk' | 'late';
  word: Word;
  count: number;
  at: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Clocked = Pick<Conversation, 'reply_risk_at' | 'reply_due_at'>;

/** Null while there is time, or where nothing was promised. */
export function dueOf(row: Clocked, now: number): Due | null {
  const { reply_due_at: at, reply_risk_at: risk } = row;
  if (at === null || risk === null || now < Date.parse(risk)) return null;
  const left = Date.parse(at) - now;
  return left > 0
    ? { kind: 'risk', word: 'due.left', count: Math.ceil(left / MINUTE_MS), at }
    : { kind: 'late', ...over(-left), at };
}

function over(ms: number): { word: Word; count: number } {
  if (ms < MINUTE_MS) return { word: 'due.now', count: 0 };
  if (ms < HOUR_MS) return { word: 'due.minutes', count: Math.floor(ms / MINUTE_MS) };
  if (ms < DAY_MS) return { word: 'due.hours', count: Math.floor(ms / HOUR_MS) };
  return { word: 'due.days', count: Math.floor(ms / DAY_MS) };
}
