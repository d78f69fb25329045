/** What became of a message that we sent, and why, in words. */

import type { DeliveryState, Message } from '../desk/rows';
import type { Say, Word } from '../words/words';

/** It waits for the month's messages. */
const HELD = new Set(['limit', 'reserve']);

/** What became of a message that we sent, in a word. */
export function deliveryLine(message: Message, t: Say): string {
  const parts = [deliveryState(message, t)];
  const isCounted =
    message.cost !== null && message.delivery !== 'cancelled' && message.delivery !== 'rejected';
  if (isCounted) parts.push(t(`delivery.${message.cost!}`));
  return parts.filter(Boolean).join(t('between.dot'));
}

/** The same without its cost; empty for what is not sent. */
export function deliveryState(message: Message, t: Say): string {
  return message.delivery === null ? '' : t(deliveryWord(message.delivery, message));
}

/** LINE was asked before and did not say: it is asked again, by the same key. */
function deliveryWord(state: DeliveryState, message: Message): Word {
  if (state !== 'pending' && state !== 'sending') return `delivery.${state}`;
  if (HELD.has(message.delivery_reason ?? '')) return 'delivery.held';
  return message.delivery_reason === null ? `delivery.${state}` : 'delivery.checking';
}

/** Why it did not go out, and what to do; empty when there is nothing to say. */
export function deliveryReason(message: Message, t: Say): string {
  const reason = message.delivery_reason;
  if (reason === null) return '';
  switch (message.delivery) {
    case 'rejected':
      return t(rejectionWord(reason), { reason });
    case 'maybe_sent':
    case 'unknown':
      return t(isSentAgain(message) ? 'why_not.sent_again' : 'why_not.no_answer');
    case 'cancelled':
      if (reason === 'given_up') return t('why_not.given_up');
      return reason === 'taken' ? t('why_not.taken') : '';
    case 'pending':
      return HELD.has(reason) ? t(`why_not.held_${reason as 'limit' | 'reserve'}`) : '';
    default:
      return '';
  }
}

/** Whether an operator may send it once more: nobody knows whether it arrived. */
export function maySendAnyway(message: Message): boolean {
  const isUnsure = message.delivery === 'maybe_sent' || message.delivery === 'unknown';
  return isUnsure && message.delivery_id !== null && !isSentAgain(message);
}

/** Whether it may go out anew: LINE refused it, so that it surely did not arrive. */
export function maySendAgain(message: Message): boolean {
  return message.sender === 'operator' && message.delivery === 'rejected';
}

/** Whether its words may be written anew. */
export function mayWriteAnew(message: Message): boolean {
  return maySendAgain(message) && message.kind === 'text' && message.text !== null;
}

const isSentAgain = (message: Message) => message.delivery_reason === 'sent_again';

/** LINE's answer begins with its status; the words after it are for people who know LINE's API. */
function rejectionWord(reason: string): Word {
  if (/monthly limit/i.test(reason)) return 'why_not.limit';
  if (/^40[13]\b/.test(reason)) return 'why_not.token';
  if (/^400\b/.test(reason)) return 'why_not.content';
  return 'why_not.other';
}
