/** The conditions of a list, one by one, in words, each with what the list is without it. */

import type { Filter } from '../desk/views';
import { ME, NOBODY } from '../desk/views';
import { signed } from '../state/session.svelte';
import { t } from '../state/settings.svelte';
import { i } from './words';

export interface Chip {
  key: string;
  label: string;
  without: Partial<Filter>;
}

export function chipsOf(filter: Filter): Chip[] {
  return [...ofPlace(filter), ...ofWho(filter), ...ofMarks(filter)];
}

/** The view's own queue is its name, not a condition that somebody added. */
function ofPlace(filter: Filter): Chip[] {
  const { account, queue } = filter;
  const name = signed.house.accounts.find((one) => one.id === account)?.name ?? account ?? '';
  return [
    ...(account === null ? [] : [{ key: 'account', label: name, without: { account: null } }]),
    ...(queue === null ? [] : [{ key: 'queue', label: queue, without: { queue: null } }]),
    ...filter.status.map((one) => ({
      key: `status:${one}`,
      label: t(`status.${one}`),
      without: { status: filter.status.filter((other) => other !== one) },
    })),
    ...filter.tag.map((one) => ({
      key: `tag:${one}`,
      label: one,
      without: { tag: filter.tag.filter((other) => other !== one) },
    })),
  ];
}

function ofWho(filter: Filter): Chip[] {
  return filter.assignee.map((one) => ({
    key: `assignee:${one}`,
    label: assigneeName(one),
    without: { assignee: filter.assignee.filter((other) => other !== one) },
  }));
}

function ofMarks(filter: Filter): Chip[] {
  const chips: Chip[] = [];
  if (filter.waited !== null)
    chips.push({
      key: 'waited',
      label: i('filter.waited_min', { count: filter.waited }),
      without: { waited: null },
    });
  if (filter.unseen)
    chips.push({ key: 'unseen', label: i('filter.unseen'), without: { unseen: false } });
  if (filter.unanswered)
    chips.push({ key: 'unanswered', label: i('filter.unanswered'), without: { unanswered: false } });
  return chips;
}

export function assigneeName(one: string): string {
  if (one === ME) return t('who.me');
  if (one === NOBODY) return t('who.nobody');
  return signed.nameOf(one) ?? i('filter.gone');
}
