/**
 * What can be done with the list, as plain functions: keys, the palette and buttons call the same.
 * Each does nothing where it cannot: no list on the screen, no row, or somebody who only looks.
 */

import type { View } from '../desk/rows';
import { explain } from '../state/moves';
import { inbox } from '../state/inbox.svelte';
import { go, place } from '../state/place.svelte';
import { signed } from '../state/session.svelte';
import { shelf, shelve } from '../state/shelf.svelte';
import { keepUnseen } from '../state/talk.svelte';
import { toast } from '../state/toasts.svelte';
import { inboxCalls } from './calls';
import { placeOfList, withoutConditions } from './going';
import { placeOfView, savedViews } from './saved.svelte';
import { selection } from './selection.svelte';
import { list, ui } from './ui.svelte';
import { i } from './words';

/** The row that the next command is about: the focused one, else the open one. */
export function currentRow(): string | null {
  return list()?.focused() ?? place.talk;
}

/** Give the focus to the row below; to the first where none has it. */
export const next = (): void => step(1);

export const previous = (): void => step(-1);

/** Open the focused row. */
export function openRow(): void {
  const id = list()?.focused() ?? null;
  if (id !== null) go({ talk: id });
}

/** Choose the current row, or let it go. isStretch: from the one that was chosen before. */
export function toggleSelect(isStretch = false): void {
  const id = currentRow();
  if (id === null || !signed.mayAnswer || !inbox.shownIds.includes(id)) return;
  selection.toggle(id, isStretch);
}

export function selectAll(): void {
  if (signed.mayAnswer) selection.all();
}

export function clearSelection(): void {
  selection.clear();
}

export function openFilter(): void {
  if (place.q !== '') go({ q: '' });
  ui.isFilterOpen = true;
}

export function clearFilter(): void {
  go(withoutConditions());
}

/** A standard view, or the talks that wait in one queue. */
export function goView(view: View, queue: string | null = null): void {
  go({ ...placeOfList(view, queue), account: place.account });
}

/** The saved view of this number, as it stands on the left, from 1. */
export function goSaved(number: number): void {
  const view = savedViews.items[number - 1];
  if (view !== undefined) go({ room: 'inbox', file: null, ...placeOfView(view) });
}

/** Save the list that is shown, under a name. */
export function saveView(): void {
  ui.sheet = 'save';
}

export function manageViews(): void {
  ui.sheet = 'manage';
}

/** Back to 未確認: a mark among staff. The open talk is left, or looking at it would undo that. */
export async function markUnseen(id: string | null = currentRow()): Promise<void> {
  if (id === null || !signed.mayAnswer) return;
  keepUnseen(id);
  try {
    const row = await inboxCalls.unseen(id);
    shelve((rows) => rows.putConversation(row));
    if (place.talk === id) go({ talk: null });
    const run = () => void seeAgain(id);
    toast(i('seen.undone', { name: row.customer_name }), false, { label: i('bulk.undo'), run });
  } catch (error) {
    explain(error);
  }
}

async function seeAgain(id: string): Promise<void> {
  const row = shelf().conversations.get(id);
  if (row === undefined) return;
  try {
    const target = { id, epoch: row.epoch, seq: row.last_seq };
    const { items } = await inboxCalls.bulk([target], { action: 'seen' });
    shelve((rows) => items.forEach(({ conversation }) => conversation && rows.putConversation(conversation)));
  } catch (error) {
    explain(error);
  }
}

function step(by: 1 | -1): void {
  const ids = inbox.shownIds;
  if (ids.length === 0) return;
  const current = currentRow();
  const at = current === null ? -1 : ids.indexOf(current);
  const index = at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by));
  list()?.focusRow(ids[index]!);
}
