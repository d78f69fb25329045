/**
 * How a key press is written: `e`, `Shift+e`, `?`, `Mod+k` (⌘ on a Mac, Ctrl elsewhere). A sign that
 * needs Shift on one keyboard and not on another is the sign alone.
 */

import { isComposing, type Key } from '../desk/keys';

export interface Press extends Key {
  code: string;
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Process', 'Dead']);
const IS_MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

/** The press as it is written; null for what is no key of ours. */
export function spell(press: Press, isMac = IS_MAC): string | null {
  if (isComposing(press) || MODIFIERS.has(press.key)) return null;
  // Alt makes letters on a Mac and opens menus on Windows: it is never ours.
  if (press.altKey || (isMac ? press.ctrlKey : press.metaKey)) return null;
  const isMod = isMac ? press.metaKey : press.ctrlKey;
  const name = nameOf(press);
  const hasShift = press.shiftKey && (name.length > 1 || isLetter(name));
  return (isMod ? 'Mod+' : '') + (hasShift ? 'Shift+' : '') + name;
}

/** A key alone, or with Shift: what speech input or a slip of the hand may press (WCAG 2.1.4). */
export function isSingle(key: string): boolean {
  if (key === ' ') return true;
  return !key.startsWith('Mod+') && (key.split(' ')[0] ?? '').replace('Shift+', '').length === 1;
}

/** The parts of a written key, as the caps of a keyboard show them. */
export function caps(key: string, isMac = IS_MAC): string[][] {
  return key.split(' ').map((press) => press.split('+').map((part) => cap(part, isMac)));
}

function cap(part: string, isMac: boolean): string {
  if (part === 'Mod') return isMac ? '⌘' : 'Ctrl';
  if (part === 'Escape') return 'Esc';
  return part.length === 1 ? part.toUpperCase() : part;
}

// A kana keyboard says あ where the key is 3: the place of the key is then what counts.
function nameOf(press: Press): string {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const isForeign = press.key.length === 1 && press.key.charCodeAt(0) > 0x7e;
  const key = isForeign && letter ? letter : press.key;
  return key.length === 1 ? key.toLowerCase() : key;
}

const isLetter = (name: string) => /^[a-z]$/.test(name);
