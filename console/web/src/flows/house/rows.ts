/** What the API says of managers' files as forms. */

import type { Problem } from '../rows';

export type Step = string | number;
export type Flat = string | string[];
export type Value = Flat | { [key: string]: Flat | { [key: string]: Flat } };

export type Part =
  | { do: 'put'; at: Step[]; value: Value }
  | { do: 'remove'; at: Step[] }
  | { do: 'insert'; at: Step[]; value: Value }
  | { do: 'move'; at: Step[]; to: number }
  | { do: 'rename'; at: Step[]; to: string }
  | { do: 'day'; day: Day; hours: Flat };

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];
export type Kind = 'tags' | 'fields' | 'links' | 'queues' | 'faq' | 'calendar';

export interface NameUse {
  file: string;
  count: number;
}

interface Row {
  at: Step[];
  problems: Problem[];
  uses: NameUse[];
}

interface Counted extends Row {
  /** Customers whose cards carry it. */
  people: number;
}

export interface TagRow extends Counted {
  name: string;
  note: string | null;
}

export interface FieldRow extends Counted {
  key: string;
  title: string;
  type: string;
  options: string[];
  max: string;
  personal: boolean;
}

export interface LinkRow extends Counted {
  key: string;
  url: string;
  title: string | null;
  is_short: boolean;
}

export interface QueueRow extends Counted {
  name: string;
  /** The name of a calendar; empty: open at all times. */
  hours: string;
  accounts: string[];
}

export interface NotifyRow extends Row {
  name: string;
}

export interface FaqRow extends Counted {
  id: string;
  ask: string[];
  answer: string;
  tag: string | null;
}

export interface Span {
  start: string;
  end: string;
}

export interface Hours {
  kind: 'closed' | 'spans' | 'like' | 'other';
  spans: Span[];
  like: string | null;
  text: string;
}

export interface DayRow extends Row {
  day: string;
  hours: Hours;
}

export interface ExceptionRow extends Counted {
  key: string;
  first: string;
  last: string;
  hours: Hours;
}

interface Sheet<R> {
  rows: R[];
  /** Those that belong to no row. */
  problems: Problem[];
}

export type TagsSheet = Sheet<TagRow>;
export type FieldsSheet = Sheet<FieldRow>;
export type LinksSheet = Sheet<LinkRow>;

export interface QueuesSheet extends Sheet<QueueRow> {
  default: string;
  notify_rows: NotifyRow[];
  /** Those that a queue may name for its hours. */
  calendars: string[];
  has_notify: boolean;
}

export interface FaqSheet extends Sheet<FaqRow> {
  id: string;
  title: string;
}

export interface CalendarSheet extends Sheet<ExceptionRow> {
  zone: string;
  week: DayRow[];
  holidays: Hours | null;
  has_exceptions: boolean;
}

interface Sheets {
  tags: TagsSheet;
  fields: FieldsSheet;
  links: LinksSheet;
  queues: QueuesSheet;
  faq: FaqSheet;
  calendar: CalendarSheet;
}

interface Told {
  /** Why there is no form of the text as it is now. */
  why: Problem | null;
  /** Files that could not be looked into for uses. */
  unread: string[];
}

export type HouseForm =
  | { [K in Kind]: Told & { kind: K; sheet: Sheets[K] } }[Kind]
  | (Told & { kind: Kind | null; sheet: null });

/** is_checked: whether the rows have all their problems; of a long text they come later. */
export type Written = HouseForm & { text: string; is_checked: boolean };

export interface MonthDay {
  date: string;
  hours: string[];
  why: 'week' | 'holiday' | 'exception';
  holiday: string | null;
}

export interface Month {
  month: string;
  today: string;
  days: MonthDay[];
}

export interface FaqTry {
  decision: 'answered' | 'unsure' | 'unknown';
  entries: { file: string; id: string; label: string; answer: string; tag: string | null }[];
  did_you_mean: string;
  staff: string;
  /** The bot has an encoder beside the letters that are looked at here. */
  has_encoder: boolean;
}
