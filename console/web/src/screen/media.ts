/** Files that customers sent, and what staff did. */

import type { Media, Message } from '../desk/rows';

/** Where the file is, once it has been received. */
export function mediaAddress(media: Media): string | null {
  return media.state === 'ready' ? `/media/${encodeURIComponent(media.id)}` : null;
}

export interface SentPicture {
  url: string;
  preview: string;
  name: string;
}

/** A picture that a colleague sent from here: it lies on our own server, under its signed address. */
export function sentPicture(message: Message): SentPicture | null {
  const upload = message.origin?.upload;
  const url = ownPath(message.content.originalContentUrl);
  const preview = ownPath(message.content.previewImageUrl);
  if (message.kind !== 'image' || !upload || url === null || preview === null) return null;
  return { url, preview, name: upload.name };
}

export interface SentFilm {
  url: string;
  /** What stands for it until it plays; a sound has none. */
  poster: string | null;
  size_bytes: number;
  duration_ms: number | null;
}

/** A film or a sound that a colleague sent from here. */
export function sentFilm(message: Message): SentFilm | null {
  const upload = message.origin?.upload;
  const url = ownPath(message.content.originalContentUrl);
  if (!['video', 'audio'].includes(message.kind) || !upload || url === null) return null;
  const { size_bytes, duration_ms = null } = upload;
  return { url, poster: ownPath(message.content.previewImageUrl), size_bytes, duration_ms };
}

/** The console may be open under another name of the server than customers know. */
export function ownPath(address: unknown): string | null {
  const path = /^https?:\/\/[^/]+(\/media\/[\w.-]+)$/.exec(String(address ?? ''));
  return path?.[1] ?? null;
}

/** Bytes as people read them. */
export function sizeWords(bytes: number | null): string {
  if (bytes === null) return '';
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
