/** Who a line is from, and what is told of it below: alike lines in one breath are told once. */

import type { Message } from '../desk/rows';
import { deliveryLine, deliveryReason } from '../screen/delivery';
import type { Say } from '../words/words';
import type { SayTalk } from './words';

/** Where a line of the bot comes from: flow, version and step, as far as they are known. */
export function originWords(message: Message, w: SayTalk): string {
  const { title, flow, version, step } = message.origin ?? {};
  const name = title ?? flow;
  if (!name) return '';
  const from =
    version == null
      ? w('why.flow_plain', { title: name })
      : w('why.flow', { title: name, version });
  const isNamed = step && !step.startsWith('_');
  return isNamed ? [from, w('why.step', { step })].join(' ') : from;
}

/** By whom, and why. Empty for a customer. */
export function voiceWords(message: Message, t: Say, w: SayTalk): string {
  if (message.sender === 'operator') return message.operator_name ?? t('sender.operator');
  if (message.sender !== 'bot') return '';
  return [w('why.bot'), originWords(message, w)].filter(Boolean).join(t('between.dot'));
}

/** How it was delivered, in a word, and on a form's page that it was shown there. */
export function fateWords(message: Message, t: Say): string {
  const isOnForm = message.origin?.form === true;
  if (message.sender === 'customer') return isOnForm ? t('form.answered') : '';
  return isOnForm ? t('form.shown') : deliveryLine(message, t);
}

/** Whether the line below tells the same, so that it need not be told twice. */
export function isToldBelow(message: Message, below: Message | undefined, t: Say): boolean {
  if (below === undefined || deliveryReason(message, t) !== '') return false;
  const isPlain = message.edited_at === null && below.edited_at === null;
  const isSameMinute = message.at.slice(0, 16) === below.at.slice(0, 16);
  return isPlain && isSameMinute && fateWords(message, t) === fateWords(below, t);
}
