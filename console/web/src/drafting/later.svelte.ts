/** Messages for a later moment: what a talk has of them, and what is done with them. */

import { Refusal } from '../desk/api';
import { explain, momentWords } from '../state/moves';
import { signed } from '../state/session.svelte';
import { shelf, shelve } from '../state/shelf.svelte';
import { toast } from '../state/toasts.svelte';
import { draftingCalls as calls, type Plan } from './calls';
import type { Scheduled } from './rows';
import { d } from './words';

/** What waits in a talk, and what was stopped and nobody has settled; soonest first. */
export function plannedIn(talk: string): Scheduled[] {
  return [...shelf().scheduled.values()]
    .filter((one) => one.conversation_id === talk)
    .filter((one) => one.state === 'waiting' || one.state === 'stopped')
    .sort((a, b) => (a.send_at < b.send_at ? -1 : 1));
}

/** The next moment of a talk; null when nothing waits. */
export const nextIn = (talk: string): string | null =>
  plannedIn(talk).find((one) => one.state === 'waiting')?.send_at ?? null;

/** Words and moment are for who scheduled it, and for leaders. */
export const mayChange = (one: Scheduled): boolean =>
  signed.mayAnswer && (one.operator_id === signed.me || signed.mayReadFlows);

/** Who holds the talk may stop it too. */
export const mayDelete = (one: Scheduled): boolean =>
  mayChange(one) ||
  (signed.mayAnswer &&
    shelf().conversations.get(one.conversation_id)?.assignee_id === signed.me);

/** lost: the server has a file of it no more; given anew, another try finds it. */
export const plan = (talk: string, given: Plan, lost: () => Promise<void>): Promise<boolean> =>
  done(
    () =>
      calls.schedule(talk, given).catch(async (error: unknown) => {
        if (error instanceof Refusal && error.code === 'upload_gone') await lost();
        throw error;
      }),
    d('later.done', { time: momentWords(given.send_at) }),
  );

export const replan = (
  one: Scheduled,
  change: { text?: string; send_at?: string; stops_on_reply?: boolean },
): Promise<boolean> =>
  done(
    () => calls.reschedule(one.id, { ...change, version: one.version }),
    d('later.changed', { time: momentWords(change.send_at ?? one.send_at) }),
  );

export const sendNow = (one: Scheduled): Promise<boolean> =>
  done(() => calls.sendNow(one.id, one.version), d('later.sent'));

export const unplan = (one: Scheduled): Promise<boolean> =>
  done(() => calls.unschedule(one.id, one.version), d('later.deleted'));

async function done(command: () => Promise<Scheduled>, said: string): Promise<boolean> {
  try {
    const row = await command();
    shelve((rows) => rows.putScheduled(row));
    toast(said);
    return true;
  } catch (error) {
    const told = error instanceof Refusal ? error.details.scheduled : undefined;
    if (told) shelve((rows) => rows.putScheduled(told));
    explain(error);
    return false;
  }
}
