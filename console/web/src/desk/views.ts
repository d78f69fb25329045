/**
 * Which talks a list shows, and in which order: the server's rule (storage/talk_filters.py and
 * talk_order.py), so that lists stay live. `tests/lists.test.ts` holds the two together.
 */

import type { Conversation, Status, View } from './rows';

export const VIEWS: readonly View[] = [
  'waiting',
  'mine',
  'unassigned',
  'pending',
  'snoozed',
  'bot',
  'done',
  'all',
];

export const STATUSES: readonly Status[] = [
  'waiting',
  'active',
  'pending',
  'snoozed',
  'bot',
  'done',
];

/** To add an order: its rule in ORDERS, and on the server. */
export const SORTS = ['wait', 'newest', 'unseen'] as const;
export type Sort = (typeof SORTS)[number];

/** Among the assignees, beside operators' ids. */
export const ME = 'me';
export const NOBODY = 'none';

/** An empty list asks for nothing; of those named, any will do. The names are the server's own. */
export interface Filter {
  view: View;
  account: string | null;
  queue: string | null;
  tag: string[];
  status: Status[];
  assignee: string[];
  /** Minutes that they wait at least. */
  waited: number | null;
  unseen: boolean;
  unanswered: boolean;
  sort: Sort;
}

/** What narrows a view, and nothing of it asked for. */
export const NO_CONDITIONS = {
  account: null,
  queue: null,
  tag: [],
  status: [],
  assignee: [],
  waited: null,
  unseen: false,
  unanswered: false,
} as const satisfies Partial<Filter>;

const WITH_PEOPLE = new Set<Status>(['waiting', 'active', 'pending', 'snoozed']);
const MINUTE_MS = 60_000;

export function belongs(row: Conversation, filter: Filter, me: string, now: number): boolean {
  return (
    row.of_operator === undefined && // else one of us, who is told of things there
    isInView(row, filter.view, me) &&
    isInPlace(row, filter) &&
    isOfWho(row, filter.assignee, me) &&
    isWaiting(row, filter, now)
  );
}

function isInView(row: Conversation, view: View, me: string): boolean {
  switch (view) {
    case 'all':
      return true;
    case 'mine':
      return row.assignee_id === me && row.status !== 'done';
    case 'unassigned':
      return row.assignee_id === null && WITH_PEOPLE.has(row.status);
    default:
      return row.status === view;
  }
}

function isInPlace(row: Conversation, { account, queue, tag, status }: Filter): boolean {
  if (account !== null && row.account !== account) return false;
  if (queue !== null && row.queue !== queue) return false;
  if (tag.length > 0 && !tag.some((one) => row.tags.includes(one))) return false;
  return status.length === 0 || status.includes(row.status);
}

function isOfWho(row: Conversation, assignee: readonly string[], me: string): boolean {
  if (assignee.length === 0) return true;
  if (row.assignee_id === null) return assignee.includes(NOBODY);
  return assignee.includes(row.assignee_id) || (assignee.includes(ME) && row.assignee_id === me);
}

function isWaiting(row: Conversation, filter: Filter, now: number): boolean {
  if (filter.unseen && row.unseen_count === 0) return false;
  if (filter.unanswered && row.waiting_since === null) return false;
  if (filter.waited === null) return true;
  return (
    row.waiting_since !== null &&
    Date.parse(row.waiting_since) <= now - filter.waited * MINUTE_MS
  );
}

type Order = (a: Conversation, b: Conversation) => number;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const NEVER = '9999'; // after every wait

/** Longest wait first; then those without a wait, what changed last first. */
const byWait: Order = (a, b) =>
  compare(a.waiting_since ?? NEVER, b.waiting_since ?? NEVER) ||
  compare(b.updated_at, a.updated_at) ||
  compare(a.id, b.id);

/** Then those in which nothing was said. */
const byNewest: Order = (a, b) => {
  const [one, other] = [a.last_message?.at ?? '', b.last_message?.at ?? ''];
  const isBoth = one === '' && other === '';
  return compare(other, one) || (isBoth ? compare(b.updated_at, a.updated_at) : 0) || compare(a.id, b.id);
};

const byUnseen: Order = (a, b) =>
  Number(b.unseen_count > 0) - Number(a.unseen_count > 0) || byWait(a, b);

const ORDERS: Record<Sort, Order> = { wait: byWait, newest: byNewest, unseen: byUnseen };

export const orderOf = (sort: Sort): Order => ORDERS[sort];
