/** Who looks at a talk and who writes in it: told by heartbeat, forgotten soon, never kept. */

export type Doing = 'viewing' | 'composing' | 'away';

export interface Person {
  id: string;
  name: string;
  doing: Doing;
}

export const HEARTBEAT_MS = 10_000;
const COMPOSING_EVERY_MS = 3_000;
const COMPOSING_LASTS_MS = 6_000;

/** What others do, as the server last told it. */
export class Presence {
  #talks = new Map<string, Person[]>();

  told(conversationId: string, people: readonly Person[]): void {
    const there = people.filter((person) => person.doing !== 'away');
    if (there.length === 0) this.#talks.delete(conversationId);
    else this.#talks.set(conversationId, there);
  }

  others(conversationId: string, me: string): Person[] {
    return (this.#talks.get(conversationId) ?? []).filter((person) => person.id !== me);
  }

  /** Whether one is at a talk oneself, in whatever page. */
  isAt(conversationId: string, me: string): boolean {
    return this.#talks.get(conversationId)?.some((person) => person.id === me) ?? false;
  }

  /** The line is cut: what was known is no longer known. */
  forget(): void {
    this.#talks.clear();
  }
}

export interface Signal {
  conversation_id: string | null;
  doing: Doing;
}

/**
 * What to tell of oneself, and when: at once on a change, else by the beat. Somebody who looks at
 * no talk is told too: they are there, and what customers answer comes back to them.
 */
export class Pulse {
  #told: (Signal & { at: number }) | null = null;
  #wroteAt = -Infinity;

  wrote(now: number): void {
    this.#wroteAt = now;
  }

  stopped(): void {
    this.#wroteAt = -Infinity;
  }

  /** A new line: everything is to be told again. */
  reconnected(): void {
    this.#told = null;
  }

  /**
   * What is to be told now, if anything. Who looks silently is at no talk for the others, until they
   * write: else two would answer.
   */
  beat(
    talkId: string | null,
    isVisible: boolean,
    now: number,
    isSilent = false,
  ): Signal | null {
    const isWriting = talkId !== null && now - this.#wroteAt < COMPOSING_LASTS_MS;
    const conversationId = isSilent && !isWriting ? null : talkId;
    const doing: Doing = !isVisible ? 'away' : isWriting ? 'composing' : 'viewing';
    if (!this.#isDue(conversationId, doing, now)) return null;
    this.#told = { conversation_id: conversationId, doing, at: now };
    return { conversation_id: conversationId, doing };
  }

  #isDue(conversationId: string | null, doing: Doing, now: number): boolean {
    const last = this.#told;
    if (last === null || last.conversation_id !== conversationId || last.doing !== doing)
      return true;
    return now - last.at >= (doing === 'composing' ? COMPOSING_EVERY_MS : HEARTBEAT_MS);
  }
}
