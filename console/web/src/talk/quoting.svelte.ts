/**
 * The message that is being answered in particular. A message's menu sets it, the composer reads
 * it, shows it above the text, and takes it away when the answer has left or was given up.
 */

import type { Message } from '../desk/rows';

export interface Quoting {
  conversation_id: string;
  message: Message;
}

class Quoted {
  /** What is quoted, at most one for the whole console. */
  current: Quoting | null = $state(null);
}

const quoted = new Quoted();

/** What the answer in a talk quotes; null when it quotes nothing. */
export function quotingIn(conversationId: string): Quoting | null {
  return quoted.current?.conversation_id === conversationId ? quoted.current : null;
}

/** Answer one message in particular. */
export function quote(message: Message): void {
  quoted.current = { conversation_id: message.conversation_id, message };
}

/** Answer nothing in particular again. */
export function stopQuoting(): void {
  quoted.current = null;
}
