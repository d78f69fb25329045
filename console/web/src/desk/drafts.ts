/**
 * What is being written: one text for each talk and tab, in this browser. Only the writer changes
 * it; nothing that comes over the network ever does.
 */

import type { Box } from './box';

export type Tab = 'reply' | 'note';

export class Drafts {
  constructor(
    private readonly box: Box,
    private readonly operatorId: string,
    /** Told of each text that the writer changes. */
    private readonly onWritten: (conversationId: string, tab: Tab) => void = () => {},
  ) {}

  read(conversationId: string, tab: Tab): string {
    return this.box.read(this.#key(conversationId, tab)) ?? '';
  }

  write(conversationId: string, tab: Tab, text: string): void {
    if (text === '') this.box.remove(this.#key(conversationId, tab));
    else this.box.write(this.#key(conversationId, tab), text);
    this.onWritten(conversationId, tab);
  }

  /** Give a text back to its writer, before whatever was written since. */
  giveBack(conversationId: string, tab: Tab, text: string): string {
    const since = this.read(conversationId, tab);
    const whole = since.trim() === '' ? text : `${text}\n${since}`;
    this.write(conversationId, tab, whole);
    return whole;
  }

  /** Add a line to what is being written. */
  append(conversationId: string, tab: Tab, line: string): void {
    const before = this.read(conversationId, tab).trimEnd();
    this.write(conversationId, tab, before === '' ? line : `${before}\n${line}`);
  }

  /** Where something is being written. */
  talks(): string[] {
    return this.box.names(`draft/${this.operatorId}/`).map((name) => name.split('/')[2]!);
  }

  #key(conversationId: string, tab: Tab): string {
    return `draft/${this.operatorId}/${conversationId}/${tab}`;
  }
}
