/** Where the bot stands with a customer. */

import type { Handoff, Run } from '../desk/rows';
import type { Shelf } from '../desk/shelf';

/** The run that a talk is in, the newest first. */
export function runOf(shelf: Shelf, conversationId: string): Run | null {
  const runs = [...shelf.runs.values()].filter(
    (run) => run.conversation_id === conversationId && !run.ended_at && run.status !== 'ended',
  );
  return runs.sort((a, b) => (a.started_at < b.started_at ? 1 : -1))[0] ?? null;
}

/** The stretch of human help that is not over. */
export function openHandoff(shelf: Shelf, conversationId: string): Handoff | null {
  const handoffs = [...(shelf.talks.get(conversationId)?.handoffs.values() ?? [])];
  return handoffs.map((one) => one.row).find((one) => one.resolved_at === null) ?? null;
}

/** A step as its manager named it; steps without a name of their own are not worth showing. */
export function stepName(step: string | null | undefined): string | null {
  return step && !step.startsWith('_') ? step : null;
}

/** The question at which the bot goes on when the talk is given back. */
export function openQuestion(shelf: Shelf, conversationId: string): string | null {
  return (
    openHandoff(shelf, conversationId)?.open_question ?? stepName(runOf(shelf, conversationId)?.step)
  );
}
