/** What is done to the chosen talks, each with its sentence. */

import { momentWords } from '../state/moves';
import { signed } from '../state/session.svelte';
import { keepUnseen } from '../state/talk.svelte';
import { doToChosen } from './bulk.svelte';
import { selection } from './selection.svelte';
import { i, type InboxWord } from './words';

type Said = (count: number) => string;
const saying =
  (word: InboxWord, params: Record<string, string> = {}): Said =>
  (count) =>
    i(word, { count, ...params });

export const resolveChosen = () => doToChosen({ action: 'resolve' }, saying('bulk.done.resolve'));
export const returnChosen = () => doToChosen({ action: 'return' }, saying('bulk.done.return'));
export const markChosenSeen = () => doToChosen({ action: 'seen' }, saying('bulk.done.seen'));

/** Whoever looks at one of them right now does not undo it by that. */
export function markChosenUnseen(): Promise<void> {
  selection.rows().forEach(({ id }) => keepUnseen(id));
  return doToChosen({ action: 'unseen' }, saying('bulk.done.unseen'));
}


export const snoozeChosen = (until: Date) =>
  doToChosen(
    { action: 'snooze', until: until.toISOString() },
    saying('bulk.done.snooze', { time: momentWords(until) }),
  );

export function assignChosen(operatorId: string | null): Promise<void> {
  const deed = { action: 'assign', operator_id: operatorId } as const;
  if (operatorId === null) return doToChosen(deed, saying('bulk.done.unassign'));
  if (operatorId === signed.me) return doToChosen(deed, saying('bulk.done.mine'));
  return doToChosen(deed, saying('bulk.done.assign', { name: signed.nameOf(operatorId) ?? '' }));
}

export const moveChosen = (queue: string) =>
  doToChosen(
    { action: 'assign', operator_id: null, queue },
    saying('bulk.done.queue', { queue }),
  );

export const tagChosen = (tag: string) =>
  doToChosen({ action: 'tag', tag }, saying('bulk.done.tag', { tag }));

export const untagChosen = (tag: string) =>
  doToChosen({ action: 'untag', tag }, saying('bulk.done.untag', { tag }));
