/** What the API says of the rules of the counter and of who is at it. */

import type { Role } from '../desk/house';

export const WAYS = ['owner', 'sticky', 'round_robin', 'least_busy'] as const;
export type Way = (typeof WAYS)[number];

/** null: as the house has it, and in the house itself off. 0: off, or never. */
export interface Rule {
  first_minutes: number | null;
  next_minutes: number | null;
  hours: 'open' | 'always' | null;
  assign: Way[] | null;
  most_open: number | null;
  return_minutes: number | null;
  reopen_minutes: number | null;
  reopen_to: 'person' | 'queue' | null;
}

export interface DeskQueue {
  queue: string;
  /** The name of its calendar; null: the house's own. */
  hours: string | null;
  is_open: boolean;
  accounts: string[];
  rule: Rule;
}

export interface DeskRules {
  version: number;
  changed_at: string | null;
  changed_by: string | null;
  may_change: boolean;
  house: Rule;
  queues: DeskQueue[];
}

export interface RulesChange {
  version: number;
  house: Rule;
  queues: Record<string, Rule>;
}

export interface Colleague {
  id: string;
  name: string;
  role: Role;
  state: 'there' | 'away' | 'out' | 'offline';
  is_receiving: boolean;
  out_until: string | null;
  open_count: number;
  queues: string[] | null;
}

export interface StandingChange {
  is_receiving?: boolean;
  is_out?: boolean;
  until?: string | null;
}
