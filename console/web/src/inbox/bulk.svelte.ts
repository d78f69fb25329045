/** One thing done to many talks: in calls of some at a time, with one sentence at the end. */

import type { Conversation } from '../desk/rows';
import { explain } from '../state/moves';
import { shelve } from '../state/shelf.svelte';
import { toast } from '../state/toasts.svelte';
import { inboxCalls } from './calls';
import { resultOf, type Result } from './results';
import type { Deed, Outcome } from './rows';
import { selection, targetOf } from './selection.svelte';
import { undoOf, type Undoing } from './undoing';
import { counted, i } from './words';

const AT_ONCE = 50; // of the 200 that a call may name: so that what is done is seen to go on

class Bulk {
  /** How far it is; null when nothing is under way. */
  progress: { done: number; all: number } | null = $state.raw(null);
  isStopped = $state(false);

  get isBusy(): boolean {
    return this.progress !== null;
  }

  stop(): void {
    this.isStopped = true;
  }
}

export const bulk = new Bulk();

/** Do it to every chosen talk; what could not be done stays chosen. */
export async function doToChosen(deed: Deed, said: (count: number) => string): Promise<void> {
  const rows = selection.rows();
  const result = await doToAll(rows, deed);
  selection.keep(result.failed.map((one) => one.id));
  const undoings = undoOf(deed, rows, result.done);
  tell(said, result, undoings);
}

/** Do it to some; a call that is not answered ends it. */
export async function doToAll(rows: readonly Conversation[], deed: Deed): Promise<Result> {
  if (bulk.isBusy) return resultOf([], [], 0);
  const outcomes: Outcome[] = [];
  let unreached: readonly Conversation[] = [];
  bulk.isStopped = false;
  try {
    for (let start = 0; start < rows.length && !bulk.isStopped; start += AT_ONCE) {
      bulk.progress = { done: start, all: rows.length };
      const some = rows.slice(start, start + AT_ONCE);
      try {
        outcomes.push(...(await doToSome(some, deed)));
      } catch (error) {
        unreached = rows.slice(start);
        explain(error);
        break;
      }
    }
  } finally {
    bulk.progress = null;
  }
  const rest = rows.length - outcomes.length - unreached.length;
  return resultOf(outcomes, unreached.map((row) => row.id), rest);
}

async function doToSome(rows: readonly Conversation[], deed: Deed): Promise<Outcome[]> {
  const { items } = await inboxCalls.bulk(rows.map(targetOf), deed);
  shelve((shelf) => {
    for (const { conversation } of items) if (conversation) shelf.putConversation(conversation);
  });
  return items;
}

function tell(said: (count: number) => string, result: Result, undoings: Undoing[]): void {
  const count = undoings.reduce((sum, { ids }) => sum + ids.length, 0);
  const action =
    count === 0 ? null : { label: i('bulk.undo'), run: () => void undo(undoings) };
  toast(sentenceOf(said, result), result.failed.length > 0, action);
}

function sentenceOf(said: (count: number) => string, result: Result): string {
  const { done, same, failed, reasons, rest } = result;
  return [
    done.length > 0 || failed.length + same === 0 ? said(done.length) : '',
    same > 0 ? i('bulk.same', { count: same }) : '',
    failed.length > 0 ? i('bulk.failed', { count: failed.length, reasons: reasonWords(reasons) }) : '',
    rest > 0 ? i('bulk.stopped', { count: rest }) : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const reasonWords = (reasons: Result['reasons']): string =>
  reasons
    .map(({ reason, count }) => {
      const words = (reason ?? i('bulk.unreached')).replace(/[。.]$/, '');
      return i('bulk.reason', { reason: words, count });
    })
    .join(i('bulk.between'));

/** The opposite, of each talk as it is by now. */
async function undo(undoings: Undoing[]): Promise<void> {
  let count = 0;
  for (const { deed, ids } of undoings) {
    const known = shelve((shelf) => ids.flatMap((id) => shelf.conversations.get(id) ?? []));
    const result = await doToAll(known, deed);
    count += result.done.length + result.same;
    if (result.failed.length > 0)
      toast(i('bulk.failed', { count: result.failed.length, reasons: reasonWords(result.reasons) }), true);
  }
  if (count > 0) toast(counted('bulk.undone', count));
}
