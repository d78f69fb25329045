/** Rows for tests: whole, plain, and changed where a test says so. */

import { Box } from '../src/desk/box';
import type { Conversation, Entry, Message, Payload } from '../src/desk/rows';
import type { Outgoing } from '../src/desk/outbox';

export const AT = '2026-11-24T01:23:00.000Z'; // 10:23 in Tokyo

export function aConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    account: 'main',
    customer_id: 'p1',
    customer_name: '見本 花子',
    picture_url: null,
    is_blocked: false,
    status: 'waiting',
    assignee_id: null,
    assignee_name: null,
    queue: '受付',
    epoch: 1,
    free_reply_until: null,
    last_seq: 1,
    unseen_count: 1,
    waiting_since: AT,
    reply_risk_at: null,
    reply_due_at: null,
    snoozed_until: null,
    has_handoff: false,
    trouble: null,
    last_message: { seq: 1, sender: 'customer', kind: 'text', text: 'はい', at: AT },
    tags: [],
    updated_at: AT,
    version: 1,
    ...change,
  };
}

export function aMessage(change: Partial<Message> = {}): Message {
  const seq = change.seq ?? 1;
  return {
    id: `m${seq}`,
    conversation_id: 'c1',
    seq,
    sender: 'customer',
    operator_id: null,
    operator_name: null,
    client_msg_id: null,
    kind: 'text',
    content: {},
    text: `文 ${seq}`,
    origin: null,
    delivery_id: null,
    delivery: null,
    delivery_reason: null,
    delivery_at: null,
    cost: null,
    undo_until: null,
    media: null,
    quoted_seq: null,
    can_quote: false,
    unsent_at: null,
    edited_at: null,
    at: AT,
    ...change,
  };
}

export function anEntry(id: number, payload: Payload = {}, account = 'main'): Entry {
  return { account, id, kind: 'message.received', payload, actor: { kind: 'customer' }, at: AT };
}

export function anOutgoing(change: Partial<Outgoing> = {}): Outgoing {
  return {
    client_msg_id: 'x1',
    conversation_id: 'c1',
    operator_id: 'me',
    text: 'こんにちは',
    seen_seq: 3,
    force: false,
    at: AT,
    state: 'sending',
    tries: 0,
    code: null,
    message: null,
    missed: [],
    ...change,
  };
}

/** A browser's storage; one without room refuses what is written, as browsers do. */
export class AStorage {
  hasRoom = true;
  readonly #kept = new Map<string, string>();
  get length() {
    return this.#kept.size;
  }
  key = (at: number) => [...this.#kept.keys()][at] ?? null;
  getItem = (name: string) => this.#kept.get(name) ?? null;
  setItem = (name: string, value: string) => {
    if (!this.hasRoom) throw new DOMException('full', 'QuotaExceededError');
    this.#kept.set(name, value);
  };
  removeItem = (name: string) => void this.#kept.delete(name);
}

export const aBox = (storage = new AStorage()): Box => new Box(() => storage);

/** Let everything that is ready go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
