/**
 * The rows as the API and the journal show them. Names are the server's own (snake_case), so that
 * a row is never translated on its way to the screen.
 */

import type { Broadcast } from '../broadcasts/rows';
import type { Quota, Scheduled, SharedDraft } from '../drafting/rows';

export type Status = 'bot' | 'waiting' | 'active' | 'pending' | 'snoozed' | 'done';
export type Sender = 'customer' | 'bot' | 'operator' | 'system';
export type DeliveryState =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'inferred_sent'
  | 'maybe_sent'
  | 'unknown'
  | 'rejected'
  | 'cancelled';

export interface LastMessage {
  seq: number;
  sender: Sender;
  kind: string;
  text: string | null;
  at: string;
}

export interface Conversation {
  id: string;
  account: string;
  customer_id: string;
  customer_name: string;
  picture_url: string | null;
  is_blocked: boolean;
  status: Status;
  assignee_id: string | null;
  assignee_name: string | null;
  queue: string | null;
  epoch: number;
  free_reply_until: string | null;
  last_seq: number;
  unseen_count: number;
  waiting_since: string | null;
  /** From when the list warns, and when the next answer of a person is due; null: no clock. */
  reply_risk_at: string | null;
  reply_due_at: string | null;
  snoozed_until: string | null;
  has_handoff: boolean;
  trouble: string | null;
  last_message: LastMessage | null;
  tags: string[];
  updated_at: string;
  version: number;
  /** Only of an operator's own talk with an account, which is in no list. */
  of_operator?: string;
}

/** Where searched words stand: [start, end) in the text's characters. */
export interface SearchHit {
  id: string;
  kind: 'message' | 'note' | 'customer';
  account: string;
  conversation_id: string | null;
  customer_id: string;
  customer_name: string;
  picture_url: string | null;
  seq: number | null;
  sender: Sender | null;
  operator_name: string | null;
  at: string;
  text: string;
  hits: [number, number][];
}

export interface Media {
  id: string;
  state: 'pending' | 'ready' | 'expired' | 'too_large' | 'failed' | 'unsent';
  mime: string | null;
  file_name: string | null;
  size_bytes: number | null;
}

/** `content` is LINE's own shape, which grows without us: read it with care. */
export type Content = Record<string, unknown>;

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  sender: Sender;
  operator_id: string | null;
  operator_name: string | null;
  client_msg_id: string | null;
  kind: string;
  content: Content;
  text: string | null;
  /** form: it stands on a form's page, and was not sent. */
  origin: {
    /** It came after something newer of the same customer; or more than 20 minutes late. */
    late?: true | 'outage';
    flow?: string;
    title?: string;
    version?: number | null;
    step?: string | null;
    form?: boolean;
    upload?: {
      name: string;
      kind: 'image' | 'video' | 'audio' | 'file';
      size_bytes: number;
      duration_ms?: number;
      until?: string;
    };
  } | null;
  delivery_id: number | null;
  delivery: DeliveryState | null;
  delivery_reason: string | null;
  /** When LINE gave its last answer. */
  delivery_at: string | null;
  cost: 'free' | 'push' | null;
  /** Until when it waits, and can be taken back. */
  undo_until: string | null;
  media: Media | null;
  /** The line of the same talk that this one quotes. */
  quoted_seq: number | null;
  /** Whether LINE gave us what an answer needs to quote it. */
  can_quote: boolean;
  unsent_at: string | null;
  edited_at: string | null;
  at: string;
}

export interface Note {
  id: string;
  conversation_id: string;
  client_note_id: string;
  text: string;
  /** Ids of the operators whom it calls. */
  mentions: string[];
  operator_id: string;
  operator_name: string | null;
  at: string;
  edited_at: string | null;
  /** Its words are gone; deleted_by: the name of who did it. */
  deleted_at: string | null;
  deleted_by: string | null;
  deleted_by_id: string | null;
  version: number;
}

/** A note that calls somebody, as their own list shows it. seq: the line before the note. */
export interface Mention {
  id: string;
  account: string;
  conversation_id: string;
  customer_id: string;
  customer_name: string;
  picture_url: string | null;
  text: string;
  mentions: string[];
  operator_id: string;
  operator_name: string | null;
  seq: number | null;
  at: string;
  edited_at: string | null;
  seen_at: string | null;
}

export interface Answer {
  step: string;
  question: string | null;
  value: unknown;
}

export interface Handoff {
  id: string;
  conversation_id: string;
  queue: string | null;
  asked_at: string;
  notify_at: string | null;
  taken_at: string | null;
  first_due_at: string | null;
  first_replied_at: string | null;
  resolved_at: string | null;
  reason: Content;
  note: string | null;
  answers: Answer[];
  open_question: string | null;
}

export interface CustomerTag {
  tag: string;
  at: string;
  reason: Content;
}

export interface Friend {
  account: string;
  line_user_id: string;
  display_name: string | null;
  picture_url: string | null;
  blocked: boolean;
  followed_at: string | null;
}

export interface Customer {
  id: string;
  name: string | null;
  own_name: string | null;
  display_name: string | null;
  owner_id: string | null;
  fields: Record<string, unknown>;
  tags: CustomerTag[];
  friends: Friend[];
  version: number;
}

export interface Run {
  id: string;
  conversation_id: string;
  flow: string;
  title: string;
  version: number;
  row_version: number;
  step: string | null;
  status: string;
  end: string | null;
  started_at: string;
  ended_at: string | null;
}

export interface Actor {
  kind: 'customer' | 'bot' | 'system' | 'operator';
  id?: string;
  name?: string;
}

export interface Payload {
  conversation?: Conversation;
  message?: Message | Message[];
  note?: Note;
  /** Whom an edited note calls that it had not called before. */
  called?: { to: string[] };
  handoff?: Handoff;
  customer?: Customer;
  run?: Run;
  draft?: SharedDraft;
  scheduled?: Scheduled;
  quota?: Quota;
  broadcast?: Broadcast;
  notice?: { to: string | string[]; text: string; conversation_id?: string };
  whisper?: { to: string; from: string; text: string; customer_name: string };
}

export interface Entry {
  account: string;
  id: number;
  kind: string;
  conversation_id?: string | null;
  customer_id?: string | null;
  payload: Payload;
  actor: Actor;
  at: string;
}

/** Where each stream was when something was read: account → journal id. */
export type At = Record<string, number>;

export interface Page<T> {
  items: T[];
  next: string | null;
  at: At;
}

export interface TimelineItem {
  at: string;
  kind: string;
  actor: Actor;
  conversation_id: string | null;
  data: Content;
}

export type View =
  'mine' | 'unassigned' | 'waiting' | 'pending' | 'snoozed' | 'bot' | 'done' | 'all';

export interface Counts {
  views: Partial<Record<View, number>>;
  queues: Record<string, number>;
}
