/** The API's part for notices, through the same door as everything else. */

import { api } from '../state/session.svelte';
import type { FriendCode, MeansRow, NoticePage } from './rows';

export const calls = {
  list: () => api.call<NoticePage>('GET', '/me/notices'),
  seenTalk: (conversation_id: string) =>
    api.call<NoticePage>('POST', '/me/notices/seen', { conversation_id }),
  seenAll: (up_to: number) => api.call<NoticePage>('POST', '/me/notices/seen', { up_to }),
  means: () => api.call<MeansRow>('GET', '/me/notices/means'),
  test: (channel: 'desktop' | 'line') =>
    api.call<MeansRow>('POST', '/me/notices/test', { channel }),
  subscribe: (given: PushSubscriptionJSON) =>
    api.call<object>('PUT', '/me/push', { endpoint: given.endpoint, keys: given.keys }),
  unsubscribe: () => api.call<object>('DELETE', '/me/push'),
  makeCode: (account: string) => api.call<FriendCode>('POST', '/me/line', { account }),
  unlink: () => api.call<MeansRow>('DELETE', '/me/line'),
};
