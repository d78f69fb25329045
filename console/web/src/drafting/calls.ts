/** The API's part for what is written before it goes out. */

import type { Tab } from '../desk/drafts';
import type { LineMessage } from '../desk/parcel';
import type { Operator } from '../desk/house';
import type { Message } from '../desk/rows';
import { api } from '../state/session.svelte';
import type { DraftsOfTalk, OwnDraft, Quota, Scheduled } from './rows';

const of = (talk: string) => `/conversations/${encodeURIComponent(talk)}`;
const later = (id: string) => `/scheduled/${encodeURIComponent(id)}`;

export interface Plan {
  client_msg_id: string;
  /** Words alone, or LINE's own messages. */
  text?: string;
  messages?: LineMessage[];
  /** The line that the first words quote. */
  quoted_seq?: number;
  send_at: string;
  stops_on_reply: boolean;
}

export const draftingCalls = {
  drafts: (talk: string) => api.call<DraftsOfTalk>('GET', `${of(talk)}/draft`),
  ownDrafts: () => api.call<{ items: OwnDraft[] }>('GET', '/me/drafts'),
  save: (talk: string, draft: { kind: Tab; text: string; device: string; base: number }) =>
    api.call<OwnDraft>('PUT', `${of(talk)}/draft`, draft),
  settle: (talk: string, kind: Tab, device: string, takes: boolean) =>
    api.call<OwnDraft>('POST', `${of(talk)}/draft/settle`, { kind, device, takes }),
  share: (talk: string, kind: Tab, shared: boolean, to: string | null = null) =>
    api.call<OwnDraft>('POST', `${of(talk)}/draft/share`, { kind, shared, to }),
  take: (talk: string, draft_id: string) =>
    api.call<{ kind: Tab; text: string }>('POST', `${of(talk)}/draft/take`, { draft_id }),
  colleagues: (talk: string) => api.call<{ items: Operator[] }>('GET', `${of(talk)}/colleagues`),
  cancel: (message: string) =>
    api.call<{ items: Message[] }>('POST', `/messages/${encodeURIComponent(message)}/cancel`, {}),
  scheduled: () => api.call<{ items: Scheduled[] }>('GET', '/scheduled'),
  schedule: (talk: string, plan: Plan) =>
    api.call<Scheduled>('POST', `${of(talk)}/scheduled`, plan),
  reschedule: (
    id: string,
    change: { version: number; text?: string; send_at?: string; stops_on_reply?: boolean },
  ) => api.call<Scheduled>('PATCH', later(id), change),
  sendNow: (id: string, version: number) =>
    api.call<Scheduled>('POST', `${later(id)}/send`, { version }),
  unschedule: (id: string, version: number) =>
    api.call<Scheduled>('DELETE', later(id), { version }),
  quotas: () => api.call<{ items: Quota[] }>('GET', '/quota'),
  opening: () => api.call<{ open: boolean; at: string | null }>('GET', '/opening'),
};
