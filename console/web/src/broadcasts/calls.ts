/** The API's part for broadcasts. */

import { Refusal, Unreachable } from '../desk/api';
import type { LineMessage } from '../desk/parcel';
import { api } from '../state/session.svelte';
import type { Audience, BroadcastPage, Got, Picture, Status, Whole } from './rows';

const ALL = '/broadcasts';
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export interface Saying {
  title: string;
  messages: LineMessage[];
}

export const castCalls = {
  list: (account: string | null, statuses: readonly Status[], cursor: string | null) => {
    const asked: [string, string][] = statuses.map((status) => ['status', status]);
    if (account !== null) asked.push(['account', account]);
    if (cursor !== null) asked.push(['cursor', cursor]);
    return api.call<BroadcastPage>('GET', `${ALL}?${new URLSearchParams(asked)}`);
  },
  get: (id: string) => api.call<Whole>('GET', one(id)),
  create: (client_broadcast_id: string, account: string, saying: Saying) =>
    api.call<Whole>('POST', ALL, { client_broadcast_id, account, ...saying }),
  change: (id: string, version: number, saying: Saying) =>
    api.call<Whole>('PUT', one(id), { version, ...saying }),
  remove: (id: string, version: number) => api.call<object>('DELETE', one(id), { version }),
  copy: (id: string, client_broadcast_id: string, title: string) =>
    api.call<Whole>('POST', `${one(id)}/copy`, { client_broadcast_id, title }),
  test: (id: string, version: number, client_test_id: string) =>
    api.call<{ account: string; name: string | null }>('POST', `${one(id)}/test`, {
      version,
      client_test_id,
    }),
  schedule: (id: string, version: number, send_at: string | null) =>
    api.call<Whole>('POST', `${one(id)}/schedule`, { version, send_at }),
  move: (id: string, verb: 'unschedule' | 'pause' | 'resume' | 'cancel', version: number) =>
    api.call<Whole>('POST', `${one(id)}/${verb}`, { version }),
  settle: (id: string, call: number, verb: 'again' | 'leave') =>
    api.call<Whole>('POST', `${one(id)}/calls/${call}/${verb}`, {}),
  audience: (account: string) =>
    api.call<Audience>('GET', `/accounts/${encodeURIComponent(account)}/audience`),
  got: (customer: string) =>
    api.call<{ items: Got[] }>('GET', `/customers/${encodeURIComponent(customer)}/broadcasts`),
};

const SILENCE_MS = 120_000;

/** Raises Refusal, Unreachable. */
export async function givePicture(account: string, id: string, file: File): Promise<Picture> {
  const form = new FormData();
  form.append('account', account);
  form.append('client_upload_id', id);
  form.append('file', file, file.name);
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${ALL}/pictures`, {
      method: 'POST',
      body: form,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        'Accept-Language': api.speaks(),
        'X-CSRF-Token': api.csrfToken,
      },
      signal: AbortSignal.timeout(SILENCE_MS),
    });
  } catch (cause) {
    throw new Unreachable(null, { cause });
  }
  if (answer.ok) return (await answer.json()) as Picture;
  if (answer.status >= 500) throw new Unreachable(answer.status);
  const body = (await answer.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  throw new Refusal(answer.status, body?.error?.code ?? '', body?.error?.message ?? '');
}
