/** Files that customers sent. */

import type { Media } from '../desk/rows';

/** Where the file is, once it has been received. */
export function mediaAddress(media: Media): string | null {
  return media.state === 'ready' ? `/media/${encodeURIComponent(media.id)}` : null;
}

/** Bytes as people read them. */
export function sizeWords(bytes: number | null): string {
  if (bytes === null) return '';
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
