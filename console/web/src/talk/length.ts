/** How long a sound or a film is, as LINE tells it: milliseconds, and not always. */

import type { Content } from '../desk/rows';

/** 1:05, or 1:02:03; null when LINE does not say. */
export function lengthWords(content: Content): string | null {
  const ms = content.duration;
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms <= 0) return null;
  const seconds = Math.max(1, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const end = String(seconds % 60).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${end}`
    : `${minutes}:${end}`;
}
