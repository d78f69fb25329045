/** The rows of what is written before it goes out, as the API and the journal show them. */

import type { Tab } from '../desk/drafts';

/** What another page of one's own had written, and this one had not seen. */
export interface OtherText {
  device: string;
  text: string;
  at: string;
}

export interface OwnDraft {
  id: string;
  conversation_id: string;
  kind: Tab;
  text: string;
  device: string;
  others: OtherText[];
  shared: boolean;
  updated_at: string;
  version: number;
}

/** As colleagues see it; one that is not shared has no words. */
export interface SharedDraft {
  id: string;
  conversation_id: string;
  operator_id: string;
  operator_name: string | null;
  kind: Tab;
  text: string;
  shared: boolean;
  to: string | null;
  updated_at: string;
  version: number;
}

export interface Scheduled {
  id: string;
  conversation_id: string;
  operator_id: string;
  operator_name: string | null;
  client_msg_id: string;
  messages: Record<string, unknown>[];
  /** The pictures and files among them. */
  files: { name: string; kind: 'image' | 'video' | 'audio' | 'file'; size_bytes: number; until?: string }[];
  text: string | null;
  send_at: string;
  stops_on_reply: boolean;
  state: 'waiting' | 'sent' | 'stopped' | 'deleted';
  reason: 'replied' | 'blocked' | 'sender_gone' | null;
  created_at: string;
  ended_at: string | null;
  version: number;
}

/** What LINE said of an account's month. kind null: it was not asked yet. */
export interface Quota {
  id: string;
  account: string;
  kind: 'none' | 'limited' | null;
  most: number | null;
  used: number | null;
  left: number | null;
  read_at: string | null;
}

export interface DraftsOfTalk {
  reply: OwnDraft | null;
  note: OwnDraft | null;
  shared: SharedDraft[];
}
