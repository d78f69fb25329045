/** What a line quotes: the line itself where it is known, and that there is one where it is not. */

import type { Message } from '../desk/rows';
import type { Talk } from '../desk/shelf';

/** Whether a line says that it quotes another. */
export function quotes(message: Message): boolean {
  if (message.quoted_seq !== null) return true;
  const { quotedMessageId, quoteToken } = message.content;
  // A customer's own line carries the token for being quoted; an answer carries that of another.
  const named = message.sender === 'customer' ? quotedMessageId : quoteToken;
  return typeof named === 'string' && named !== '';
}

/** The quoted line, when this browser has it. */
export function quotedLine(message: Message, talk: Talk | undefined): Message | null {
  const seq = message.quoted_seq;
  if (seq === null || talk === undefined) return null;
  return (talk.messages.get(seq) ?? talk.quoted.get(seq))?.row ?? null;
}
