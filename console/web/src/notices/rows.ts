/** The rows of the API about notices. */

import type { Occasion } from './rules';

export interface NoticeRow {
  id: number;
  account: string;
  conversation_id: string | null;
  occasion: Occasion;
  customer_name: string | null;
  queue: string | null;
  text: string | null;
  by: string | null;
  count: number;
  at: string;
  seen_at: string | null;
  is_quiet: boolean;
}

export interface NoticePage {
  items: NoticeRow[];
  next: null;
  unseen: number;
}

export interface OperatorFriend {
  account: string;
  name: string | null;
  is_blocked: boolean;
  since: string;
  told_today: number;
  held_back: 'cap' | 'quota' | 'blocked' | null;
  delivery: string | null;
  delivery_reason: string | null;
}

export interface NoticeAccount {
  id: string;
  name: string;
  basic_id: string | null;
  left: number | null;
  is_spare: boolean;
}

export interface MeansRow {
  push: {
    public_key: string;
    is_on: boolean;
    fate: 'sent' | 'later' | 'refused' | null;
    fate_at: string | null;
  };
  line: OperatorFriend | null;
  accounts: NoticeAccount[];
}

export interface FriendCode {
  code: string;
  text: string;
  address: string | null;
  qr: string | null;
  expires_at: string;
}
