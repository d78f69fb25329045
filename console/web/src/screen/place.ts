/** Where the bot stands with a customer. */

import type { Handoff, Message, Run } from '../desk/rows';
import type { Shelf } from '../desk/shelf';
import { bubbleText } from './lines';

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

/** What the customer was asked where the run stands: a step's own name says little to staff. */
export function questionAt(shelf: Shelf, run: Run): string | null {
  // A step that hands over asks nothing: the bot goes on behind it.
  if (openHandoff(shelf, run.conversation_id)?.reason.kind === 'step') return null;
  return firstWords(shelf, run.conversation_id, run.flow, run.step, run.started_at);
}

/** What a step asked first, as far back as the talk was loaded. */
export function firstWords(
  shelf: Shelf,
  conversationId: string,
  flow: unknown,
  step: unknown,
  since = '',
): string | null {
  const isFromThere = ({ sender, origin, at }: Message) =>
    sender === 'bot' && origin?.flow === flow && origin?.step === step && at >= since;
  const sent = [...(shelf.talks.get(conversationId)?.messages.values() ?? [])]
    .map((stamped) => stamped.row)
    .filter(isFromThere);
  const first = sent.sort((a, b) => a.seq - b.seq)[0];
  return first === undefined ? null : bubbleText(first);
}

/** The question at which the bot goes on when the talk is given back. */
export function openQuestion(shelf: Shelf, conversationId: string): string | null {
  const run = runOf(shelf, conversationId);
  return (
    openHandoff(shelf, conversationId)?.open_question ?? (run && questionAt(shelf, run))
  );
}
