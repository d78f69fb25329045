/** What an operator does with a talk: one command each, and one sentence about what happened. */

import { Refusal, Unreachable } from '../desk/api';
import type { Conversation, Customer } from '../desk/rows';
import { clock, now } from './now.svelte';
import { api, signed } from './session.svelte';
import { t } from './settings.svelte';
import { shelve } from './shelf.svelte';
import { toast } from './toasts.svelte';

type Row = Conversation;

export const take = (row: Row) =>
  move(() => api.take(row.id, row.epoch), t('done.take', { name: row.customer_name }));

export const resolve = (row: Row) =>
  move(() => api.resolve(row.id), t('done.resolve', { name: row.customer_name }));

export const returnToBot = (row: Row) =>
  move(() => api.returnToBot(row.id), t('done.return', { name: row.customer_name }));

export const snooze = (row: Row, until: Date) =>
  move(
    () => api.snooze(row.id, until.toISOString()),
    t('done.snooze', { time: momentWords(until) }),
  );

export function assign(row: Row, operatorId: string | null): Promise<boolean> {
  const name = signed.nameOf(operatorId);
  const said = name === null ? t('done.unassign') : t('done.assign', { name });
  const to = { operator_id: operatorId, epoch: row.epoch };
  return move(() => api.assign(row.id, to), said);
}

export function changeQueue(row: Row, queue: string): Promise<boolean> {
  const to = { operator_id: null, queue, epoch: row.epoch };
  return move(() => api.assign(row.id, to), t('done.queue', { queue }));
}

export async function changeCustomer(
  id: string,
  change: Parameters<typeof api.changeCustomer>[1],
): Promise<boolean> {
  return changed(() => api.changeCustomer(id, change), t('done.saved'));
}

export const putTag = (id: string, tag: string) =>
  changed(() => api.putTag(id, tag), t('done.tagged', { tag }));

export const takeTag = (id: string, tag: string) =>
  changed(() => api.takeTag(id, tag), t('done.untagged', { tag }));

export const sendAnyway = (deliveryId: string | number) =>
  changed(() => api.sendAnyway(deliveryId), t('done.again'));

export function momentWords(at: Date | string): string {
  const ms = new Date(at).getTime();
  const time = clock().time(ms);
  return clock().isSameDay(ms, now()) ? time : `${clock().short(ms, now())} ${time}`;
}

/** Say why something was refused, and what to do. */
export function explain(error: unknown): void {
  if (error instanceof Unreachable) {
    toast(t(error.status === null ? 'refused.unreachable' : 'refused.server'), true);
    return;
  }
  if (!(error instanceof Refusal)) throw error;
  if (error.code === 'lost_race') return toast(lostWords(error.details.conversation), true);
  toast(refusalWords(error), true);
}

async function move(command: () => Promise<Row>, said: string): Promise<boolean> {
  try {
    const row = await command();
    shelve((rows) => rows.putConversation(row));
    toast(said);
    return true;
  } catch (error) {
    const told = error instanceof Refusal ? error.details.conversation : undefined;
    if (told) shelve((rows) => rows.putConversation(told));
    explain(error);
    return false;
  }
}

async function changed(command: () => Promise<unknown>, said: string): Promise<boolean> {
  try {
    const row = await command();
    if (isCustomer(row)) shelve((rows) => rows.putCustomer(row));
    toast(said);
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}

function isCustomer(row: unknown): row is Customer {
  return typeof row === 'object' && row !== null && 'fields' in row && 'friends' in row;
}

function lostWords(row: Row | undefined): string {
  const name = row?.assignee_name;
  return name ? t('refused.lost_race', { name }) : t('refused.lost_race_nobody');
}

function refusalWords(error: Refusal): string {
  if (error.code === 'wrong_status') return t('refused.wrong_status');
  if (error.status === 403) return error.message || t('refused.forbidden');
  if (error.status === 404) return t('refused.not_found');
  return t('refused.other', { message: error.message });
}
