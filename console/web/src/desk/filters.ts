/** A filter as an address has it: only what is asked for, several values under the same name. */

import type { Status, View } from './rows';
import { SORTS, STATUSES, VIEWS, type Filter, type Sort } from './views';

const FIRST_VIEW: View = 'waiting';
const MOST_OF_A_KIND = 50;
const LONGEST_WAIT_MIN = 60 * 24 * 365;

/** What an address asks for; what it says wrongly is left out, as in an old link. */
export function filterIn(asked: URLSearchParams): Filter {
  const view = asked.get('view') as View;
  const sort = asked.get('sort') as Sort;
  return {
    view: VIEWS.includes(view) ? view : FIRST_VIEW,
    account: asked.get('account') || null,
    queue: asked.get('queue') || null,
    tag: several(asked, 'tag'),
    status: several(asked, 'status').filter((one): one is Status =>
      STATUSES.includes(one as Status),
    ),
    assignee: several(asked, 'assignee'),
    waited: minutesIn(asked.get('waited')),
    unseen: asked.get('unseen') === '1',
    unanswered: asked.get('unanswered') === '1',
    sort: SORTS.includes(sort) ? sort : 'wait',
  };
}

/** The names and values of a filter, in an order of its own, so that one list has one address. */
export function wordsOf(filter: Filter): [string, string][] {
  const { view, account, queue, waited, sort } = filter;
  const one = (name: string, value: string | null): [string, string][] =>
    value === null ? [] : [[name, value]];
  const many = (name: string, values: readonly string[]) =>
    values.map((value): [string, string] => [name, value]);
  return [
    ...one('view', view === FIRST_VIEW ? null : view),
    ...one('account', account),
    ...one('queue', queue),
    ...many('tag', filter.tag),
    ...many('status', filter.status),
    ...many('assignee', filter.assignee),
    ...one('waited', waited === null ? null : String(waited)),
    ...one('unseen', filter.unseen ? '1' : null),
    ...one('unanswered', filter.unanswered ? '1' : null),
    ...one('sort', sort === 'wait' ? null : sort),
  ];
}

/** The filter alone, of whatever holds one. */
export function filterOf(from: Filter): Filter {
  const { view, account, queue, waited, unseen, unanswered, sort } = from;
  const lists = { tag: [...from.tag], status: [...from.status], assignee: [...from.assignee] };
  return { view, account, queue, ...lists, waited, unseen, unanswered, sort };
}

export function minutesIn(text: string | null): number | null {
  const minutes = /^\d{1,6}$/.test(text ?? '') ? Number(text) : 0;
  return minutes >= 1 && minutes <= LONGEST_WAIT_MIN ? minutes : null;
}

function several(asked: URLSearchParams, name: string): string[] {
  return [...new Set(asked.getAll(name).filter((value) => value !== ''))].slice(0, MOST_OF_A_KIND);
}
