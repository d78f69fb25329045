/** The API's part for saved replies. */

import { api } from '../state/session.svelte';
import type { Filled, Preview, ReplyPage, SavedReply, Written } from './rows';

const ALL = '/saved-replies';
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export const replyCalls = {
  list: (account: string | null) =>
    api.call<ReplyPage>(
      'GET',
      account === null ? ALL : `${ALL}?account=${encodeURIComponent(account)}`,
    ),
  add: (written: Written) => api.call<SavedReply>('POST', ALL, written),
  change: (id: string, version: number, written: Written) =>
    api.call<SavedReply>('PUT', one(id), { ...written, version }),
  remove: (id: string, version: number) => api.call<unknown>('DELETE', one(id), { version }),
  restore: (id: string) => api.call<SavedReply>('POST', `${one(id)}/restore`, {}),
  preview: (text: string, account: string | null) =>
    api.call<Preview>('POST', `${ALL}/preview`, { text, account }),
  fill: (conversationId: string, id: string) =>
    api.call<Filled>('POST', `/conversations/${encodeURIComponent(conversationId)}${one(id)}/fill`, {}),
};
