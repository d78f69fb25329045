/** The API's part for lists: saved views, and one thing done to many talks. */

import type { Conversation } from '../desk/rows';
import type { Filter } from '../desk/views';
import { api } from '../state/session.svelte';
import type { Deed, Outcome, SavedView, SavedViewPage, Target } from './rows';

const VIEWS = '/saved-views';
const one = (id: string) => `${VIEWS}/${encodeURIComponent(id)}`;
const talk = (id: string) => `/conversations/${encodeURIComponent(id)}`;

export interface KeptView {
  name: string;
  query: Filter;
  is_shared: boolean;
}

export const inboxCalls = {
  bulk: (talks: Target[], deed: Deed) =>
    api.call<{ items: Outcome[] }>('POST', '/conversations/bulk', { talks, do: deed }),
  unseen: (id: string) => api.call<Conversation>('POST', `${talk(id)}/unseen`, {}),
  reopen: (id: string) => api.call<Conversation>('POST', `${talk(id)}/reopen`, {}),
  wake: (id: string) => api.call<Conversation>('POST', `${talk(id)}/wake`, {}),
  views: () => api.call<SavedViewPage>('GET', VIEWS),
  addView: (kept: KeptView) => api.call<SavedView>('POST', VIEWS, kept),
  changeView: (id: string, version: number, kept: KeptView) =>
    api.call<SavedView>('PUT', one(id), { ...kept, version }),
  removeView: (id: string, version: number) => api.call<unknown>('DELETE', one(id), { version }),
  restoreView: (id: string) => api.call<SavedView>('POST', `${one(id)}/restore`, {}),
  orderViews: (ids: string[], is_shared: boolean) =>
    api.call<unknown>('PUT', VIEWS, { ids, is_shared }),
};
