/** What the API says about people at the console. */

import type { Role } from '../desk/house';

export interface Person {
  id: string;
  name: string | null;
  email: string;
  role: Role;
  accounts: string[];
  queues: string[];
  is_joined: boolean;
  is_disabled: boolean;
  codes_on: boolean;
  link_until: string | null;
  seen_at: string | null;
  version: number;
}

export interface StaffPage {
  items: Person[];
  next: null;
  codes_needed_by: Role[];
}

export interface OneTimeLink {
  kind: 'invitation' | 'password';
  address: string;
  expires_at: string;
}

export interface PersonLink {
  person: Person;
  link: OneTimeLink;
}

export interface Joining {
  kind: 'invitation' | 'password';
  email: string;
  name: string | null;
}

export interface OwnAccount {
  name: string;
  email: string;
  role: Role;
  codes_on: boolean;
  codes_needed: boolean;
  recovery_left: number;
}

export interface OwnSession {
  id: string;
  device: string | null;
  address: string | null;
  since: string;
  used_at: string;
  is_this: boolean;
}

export interface NewCodes {
  secret: string;
  qr: string;
}

export interface Deed {
  id: number;
  at: string;
  kind: string;
  actor: { kind: 'operator' | 'command' | 'nobody'; id: string | null; name: string | null };
  target: { id: string; name: string | null } | null;
  address: string | null;
  params: Record<string, unknown>;
}

export interface DeedPage {
  items: Deed[];
  next: string | null;
}
