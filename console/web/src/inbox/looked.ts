/** A list of what one has not seen, whose rows stay under the keyboard once one looks at them. */

import type { Mention } from '../desk/rows';

/** What the server lists, and what has left it because one looked: newest first, each once. */
export function withLooked(
  listed: readonly Mention[],
  shown: readonly Mention[],
  talks: ReadonlySet<string>,
): Mention[] {
  const known = new Set(listed.map((one) => one.id));
  const stay = shown
    .filter((one) => !known.has(one.id) && talks.has(one.conversation_id))
    .map((one) => ({ ...one, seen_at: one.seen_at ?? one.at }));
  return [...listed, ...stay].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
