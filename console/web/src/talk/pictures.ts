/** The pictures of a talk, in its order, for the viewer and for sets. */

import type { Message } from '../desk/rows';
import type { Talk } from '../desk/shelf';
import { mediaAddress, sentFilm, sentPicture } from '../screen/media';

/** Where a picture is that this page may show: ours, of a kind that is what it says. */
export function pictureAddress(message: Message): string | null {
  const { media } = message;
  if (message.unsent_at !== null || message.kind !== 'image') return null;
  if (media !== null) return media.mime?.startsWith('image/') ? shownAddress(message) : null;
  return sentPicture(message)?.url ?? sentAddress(message.content.originalContentUrl);
}

/** Where a film or a sound is that this page may play. */
export function playableAddress(message: Message): string | null {
  const { media, kind } = message;
  if (media !== null) return media.mime?.startsWith(`${kind}/`) ? mediaAddress(media) : null;
  return sentFilm(message)?.url ?? sentAddress(message.content.originalContentUrl);
}

/** Every picture that can be looked at, oldest first. */
export function picturesOf(talk: Talk | undefined): Message[] {
  return [...(talk?.messages.values() ?? [])]
    .map((stamped) => stamped.row)
    .filter((row) => pictureAddress(row) !== null)
    .sort((a, b) => a.seq - b.seq);
}

/** Where a file is saved from: always as a file, never shown. */
export function saveAddress({ media }: Message): string | null {
  const address = media === null ? null : mediaAddress(media);
  return address === null ? null : `${address}?download`;
}

const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function shownAddress({ media }: Message): string | null {
  return media !== null && SHOWN.has(media.mime ?? '') ? mediaAddress(media) : null;
}

/** What we sent lies where its address says: only what lies with us is shown in the page. */
function sentAddress(address: unknown): string | null {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const { origin, pathname, search } = new URL(address);
  return origin === globalThis.location?.origin ? pathname + search : null;
}
