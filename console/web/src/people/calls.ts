/** The API's part for people, through the same door as everything else. */

import type { Role } from '../desk/house';
import { api } from '../state/session.svelte';
import type {
  DeedPage,
  Joining,
  NewCodes,
  OwnAccount,
  OwnSession,
  Person,
  PersonLink,
  StaffPage,
} from './rows';

export interface Invitation {
  email: string;
  role: Role;
  accounts: string[];
  queues: string[];
}

export interface PersonChange {
  role?: Role;
  accounts?: string[];
  queues?: string[];
  disabled?: boolean;
  version: number;
}

export interface DeedQuery {
  who: string;
  what: string;
  since: string;
  to: string;
}

const personAt = (id: string) => `/staff/${encodeURIComponent(id)}`;

export const calls = {
  staff: () => api.call<StaffPage>('GET', '/staff'),
  invite: (invitation: Invitation) => api.call<PersonLink>('POST', '/staff', invitation),
  change: (id: string, change: PersonChange) => api.call<Person>('PATCH', personAt(id), change),
  withdraw: (id: string) => api.call<object>('DELETE', personAt(id)),
  makeLink: (id: string) => api.call<PersonLink>('POST', `${personAt(id)}/link`, {}),
  resetCodes: (id: string) => api.call<Person>('DELETE', `${personAt(id)}/codes`),
  endSessions: (id: string) => api.call<Person>('DELETE', `${personAt(id)}/sessions`),
  setRule: (role: Role, needsCodes: boolean) =>
    api.call<{ codes_needed_by: Role[] }>('PUT', `/staff/rules/${role}`, {
      needs_codes: needsCodes,
    }),

  me: () => api.call<OwnAccount>('GET', '/me'),
  changePassword: (old: string, password: string) =>
    api.call<{ csrf_token: string }>('PUT', '/me/password', { old, new: password }),
  sessions: () => api.call<{ items: OwnSession[] }>('GET', '/me/sessions'),
  endSession: (id: string) => api.call<object>('DELETE', `/me/sessions/${id}`),
  endOthers: () => api.call<object>('DELETE', '/me/sessions'),
  beginCodes: () => api.call<NewCodes>('POST', '/me/codes', {}),
  confirmCodes: (code: string) =>
    api.call<{ recovery_codes: string[] }>('PUT', '/me/codes', { code }),
  renewRecovery: () => api.call<{ recovery_codes: string[] }>('POST', '/me/codes/recovery', {}),
  codesOff: () => api.call<object>('DELETE', '/me/codes'),
  prove: (password: string) => api.call<object>('POST', '/session/proof', { password }),

  look: (token: string) => api.call<Joining>('POST', '/join/look', { token }),
  join: (token: string, name: string | null, password: string) =>
    api.call<{ email: string }>('POST', '/join', {
      token,
      password,
      ...(name === null ? {} : { name }),
    }),

  deeds: (query: DeedQuery, cursor: string | null) => {
    const asked = Object.entries({ ...query, cursor: cursor ?? '' }).filter(([, value]) => value);
    return api.call<DeedPage>('GET', `/audit?${new URLSearchParams(asked)}`);
  },
};
