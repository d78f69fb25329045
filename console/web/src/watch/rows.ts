/** What the API says of the counter at a glance, and of reports. */

import type { At, Conversation, Message, Role } from '../desk/rows';

export const TILE_FIGURES = [
  'waiting',
  'alone',
  'after_hours',
  'handed_today',
  'at_risk',
  'late',
] as const;
export type TileFigure = (typeof TILE_FIGURES)[number];

export interface Tiles extends Record<TileFigure, number> {
  longest_since: string | null;
  longest_id: string | null;
  failures: number;
}

export interface Satisfaction {
  flow: string;
  step: string;
  days: number;
  answers: number;
  average: number | null;
}

export interface Seat {
  operator_id: string;
  name: string;
  role: Role;
  there: 'here' | 'away' | 'gone';
  is_receiving: boolean;
  is_out: boolean;
  active: number;
  pending: number;
  oldest_since: string | null;
  seen_at: string | null;
  talk_id: string | null;
  talk_name: string | null;
  is_composing: boolean;
}

export interface Board {
  tiles: Tiles;
  satisfaction: Satisfaction | null;
  people: Seat[];
  waits: Conversation[];
  due: Conversation[];
  at: At;
  time: string;
}

export const WHICH = [
  'all',
  'held',
  'checking',
  'rejected',
  'unsure',
  'inferred',
  'cancelled',
] as const;
export type Which = (typeof WHICH)[number];

export interface Failure {
  id: number;
  account: string;
  conversation_id: string;
  customer_name: string;
  kind: Exclude<Which, 'all'>;
  tries: number;
  at: string;
  message: Message | null;
}

export const SENDERS = ['', 'bot', 'staff'] as const;
export const DAYS = [7, 30, 90] as const;

/** Which of them are listed. */
export interface FailuresAsked {
  which: Which;
  account: string | null;
  sender: (typeof SENDERS)[number];
  days: number;
}

/** An event that failed every try. */
export interface AsideEvent {
  id: number;
  account: string;
  kind: string;
  conversation_id: string | null;
  customer_name: string | null;
  received_at: string;
  at: string | null;
  tries: number;
  reason: string;
}

export interface Sending {
  reserve_percent: number;
  shows_loading: boolean;
  marks_read: boolean;
}

/** When the house was last looked after; null: never. */
export interface Upkeep {
  backup_at: string | null;
  restore_test_at: string | null;
  is_backup_old: boolean;
  is_restore_test_old: boolean;
  makes_its_own: boolean;
}

export interface Paged<T> {
  items: T[];
  next: string | null;
}

export const BYS = ['day', 'hour', 'operator', 'tag', 'flow', 'queue', 'account'] as const;
export type By = (typeof BYS)[number];
export const TIMES = ['reply', 'opened', 'handled'] as const;
export type TimeFigure = (typeof TIMES)[number];
export const COUNTS = [
  'talks',
  'received',
  'bot',
  'staff',
  'helped',
  'handed',
  'resolved',
  'reopened',
  'bot_only',
  'free',
  'push',
] as const;
export type CountFigure = (typeof COUNTS)[number];
export type Figure = CountFigure | TimeFigure;

export interface Lengths {
  count: number;
  mean_s: number | null;
  median_s: number | null;
  p90_s: number | null;
}

export interface ReportRow {
  key: string;
  label: string;
  counts: Partial<Record<CountFigure, number | null>>;
  times: Partial<Record<TimeFigure, Lengths | null>>;
}

export interface Report {
  by: By;
  from: string;
  to: string;
  zone: string;
  columns: Figure[];
  whole: ReportRow;
  items: ReportRow[];
  lag: { entries: number; is_filling: boolean };
  time: string;
}

export interface ReportTalk {
  conversation_id: string;
  account_id: string;
  customer_name: string;
  status: Conversation['status'];
  when: string;
  count: number;
}

export interface Question {
  flow: string;
  title: string;
  step: string;
  text: string;
  answers: number;
  average: number | null;
  values: { value: string; label: string; count: number }[];
  trend: { from: string; answers: number; average: number | null }[];
  is_chosen: boolean;
}

export interface Answer {
  conversation_id: string;
  account_id: string;
  customer_name: string;
  value: string;
  at: string;
}
