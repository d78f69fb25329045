/**
 * A file on its way to the server. XMLHttpRequest, because `fetch` does not tell how much of a body
 * has gone.
 */

import { Refusal, Unreachable } from '../desk/api';
import type { Attachment, Upload } from '../desk/attachments';
import { api } from '../state/session.svelte';
import { isFilm, posterOf } from './poster';

const SILENCE_MS = 120_000;

/** Raises Refusal, Unreachable. */
export async function give(item: Attachment, gone: (part: number) => void): Promise<Upload> {
  const poster = isFilm(item.name) ? await posterOf(item.blob) : null;
  return api.inSession(() => go(formOf(item, poster), gone));
}

function go(form: FormData, gone: (part: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', '/api/v1/uploads');
    call.timeout = SILENCE_MS;
    call.responseType = 'text';
    call.setRequestHeader('Accept', 'application/json');
    call.setRequestHeader('Accept-Language', api.speaks());
    call.setRequestHeader('X-CSRF-Token', api.csrfToken);
    call.upload.onprogress = ({ loaded, total }) => gone(total > 0 ? loaded / total : 0);
    const lost = () => reject(new Unreachable(null));
    call.onerror = call.ontimeout = call.onabort = lost;
    call.onload = () => {
      if (call.status >= 500 || call.status === 0) return reject(new Unreachable(call.status));
      if (call.status >= 300) return reject(refusalOf(call.status, call.responseText));
      try {
        resolve(JSON.parse(call.responseText) as Upload);
      } catch {
        lost();
      }
    };
    call.send(form);
  });
}

export const renameUpload = (id: string, name: string) =>
  api.call<Upload>('PATCH', `/uploads/${encodeURIComponent(id)}`, { name });

export const withdrawUpload = (id: string) =>
  api.call<unknown>('DELETE', `/uploads/${encodeURIComponent(id)}`);

function formOf(item: Attachment, poster: Blob | null): FormData {
  const form = new FormData();
  form.append('conversation_id', item.conversation_id);
  form.append('client_upload_id', item.id);
  form.append('file', item.blob, item.name);
  if (poster !== null) form.append('poster', poster, 'poster.jpg');
  return form;
}

function refusalOf(status: number, text: string): Refusal {
  let error: { code?: string; message?: string } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // a proxy's own page
  }
  return new Refusal(status, error.code ?? `http_${status}`, error.message ?? '');
}
