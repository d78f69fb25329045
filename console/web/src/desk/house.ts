/** Who is signed in, and what there is in the house: its accounts, queues, tags, fields and flows. */

export type Role = 'viewer' | 'operator' | 'supervisor' | 'manager';

export interface Operator {
  id: string;
  name: string;
  role: Role;
}

export interface Session {
  operator: Operator & {
    email?: string;
    language?: 'ja' | 'en';
    queues?: string[] | null;
    accounts?: string[] | null;
  };
  csrf_token: string;
  phone_url?: string | null;
  must_enrol?: boolean;
}

export interface FieldSpec {
  key: string;
  title: string;
  type: string;
  options: string[];
  personal: boolean;
}

export interface House {
  accounts: { id: string; name: string; mode: string }[];
  queues: string[];
  /** The accounts of those queues that are for some only. */
  queue_accounts: Record<string, string[]>;
  tags: string[];
  fields: FieldSpec[];
  flows: { id: string; title: string; version: number; form: boolean }[];
  timezone: string;
  time: string;
  /** LINE can fetch pictures and files from this server. */
  can_send_files: boolean;
}
