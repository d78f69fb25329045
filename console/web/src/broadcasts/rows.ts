/** Broadcasts as the API shows them. */

import type { LineMessage } from '../desk/parcel';
import type { At } from '../desk/rows';

export type Status =
  | 'draft'
  | 'scheduled'
  | 'sending'
  | 'paused'
  | 'done'
  | 'cancelled'
  | 'stopped';

export const STATUSES: readonly Status[] = [
  'draft', 'scheduled', 'sending', 'paused', 'stopped', 'done', 'cancelled',
];

/** recipients, sent, unknown, failed, cancelled: people. */
export interface Broadcast {
  id: string;
  account: string;
  title: string;
  status: Status;
  why_stopped: string | null;
  /** LINE's own words of a refusal. */
  line_said: string | null;
  send_at: string | null;
  checked_at: string | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: string;
  updated_at: string;
  sent_by: string | null;
  sent_by_name: string | null;
  began_at: string | null;
  /** The list of recipients is made. */
  is_frozen: boolean;
  ended_at: string | null;
  recipients: number;
  sent: number;
  unknown: number;
  failed: number;
  cancelled: number;
  /** People whose call LINE did not answer, and which is made again by itself. */
  retried: number;
  /** Rises with what staff decide and what stops or ends it, not with the counts. */
  version: number;
}

export interface BroadcastPage {
  items: Broadcast[];
  next: string | null;
  at: At;
}

/** One call to LINE for many people, of which nobody knows whether LINE took it. */
export interface Call {
  id: number;
  number: number;
  size: number;
  state: string;
  reason: string | null;
  tries: number;
  first_tried_at: string | null;
  tried_at: string | null;
  ended_at: string | null;
}

export interface Whole {
  broadcast: Broadcast;
  messages: LineMessage[];
  unknown_calls: Call[];
  unknown_count: number;
  unknown_people: number;
  failures: { reason: string | null; people: number }[];
  at: At;
}

export interface Audience {
  account: string;
  count: number;
  kind: 'none' | 'limited' | null;
  most: number | null;
  left: number | null;
  reserve: number | null;
  /** What of the month a broadcast may use; null: no limit, or not known. */
  usable: number | null;
  read_at: string | null;
  fits: boolean;
}

export interface Picture {
  id: string;
  client_upload_id: string;
  name: string;
  message: LineMessage;
}

/** A broadcast that one customer was sent. */
export interface Got {
  broadcast_id: string;
  account: string;
  title: string;
  state: 'pending' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  reason: string | null;
  at: string | null;
}
