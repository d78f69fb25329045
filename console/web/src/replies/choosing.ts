/** How a saved reply is asked for with a slash, found by what is typed, and chosen by keys. */

import type { SavedReply } from './rows';

/** The part of a text that the reply takes the place of, and what it was asked for with. */
export interface Asked {
  from: number;
  to: number;
  query: string;
}

/**
 * Whether what was just typed asks for a saved reply: a slash, half or full width, that begins a
 * line which has nothing else. An input method may give the slash with words behind it at once.
 */
export function askedBy(text: string, caret: number, typed: string): Asked | null {
  if (!/^[/／][^\n]*$/.test(typed)) return null;
  const from = caret - typed.length;
  const isAtStart = from === 0 || text[from - 1] === '\n';
  const isAtEnd = caret === text.length || text[caret] === '\n';
  if (!isAtStart || !isAtEnd || text.slice(from, caret) !== typed) return null;
  return { from, to: caret, query: typed.slice(1) };
}

/** Those in which every word stands; the shortcut counts most, then how the title begins. */
export function matching(replies: readonly SavedReply[], query: string): SavedReply[] {
  const wanted = folded(query).replace(/^\//, '');
  const words = wanted.split(/\s+/).filter((word) => word !== '');
  const found = replies.filter((one) => {
    const whole = folded(`${one.title} ${one.shortcut ?? ''} ${one.text}`);
    return words.every((word) => whole.includes(word));
  });
  if (words.length === 0) return found;
  return found.sort((a, b) => rank(a, wanted) - rank(b, wanted));
}

/** Where the choice goes by a key; the ends meet. null: the key chooses nothing. */
export function chosenBy(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (index + 1) % count;
  if (key === 'ArrowUp') return (index - 1 + count) % count;
  return null;
}

function rank(one: SavedReply, wanted: string): number {
  const shortcut = folded(one.shortcut ?? '');
  if (shortcut === wanted) return 0;
  if (shortcut.startsWith(wanted)) return 1;
  return folded(one.title).startsWith(wanted) ? 2 : 3;
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase().trim();
