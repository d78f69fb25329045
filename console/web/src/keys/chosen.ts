/** Changing one's keys: each change gives the whole of what is kept, as the server takes it. */

import { AT_FIRST, meets, type Chosen } from './keymap.svelte';

/** What the browser, a screen reader or typing itself needs. */
const RESERVED = /^(?!Mod\+Shift\+Enter$)(Mod\+)?(Shift\+)?(Tab|Enter|Escape|F5|F11|F12| )$|^Mod\+(Shift\+)?[acnqrtvwxz]$/;

export const isReserved = (key: string): boolean => key.split(' ').some((one) => RESERVED.test(one)) || key === ' ';

/** This key does it from now on, alone; from other actions it is taken. */
export function withKey(
  chosen: Chosen,
  id: string,
  key: string,
  from: readonly { id: string; keys: readonly string[] }[],
): Chosen {
  const keys = { ...chosen.keys, [id]: [key] };
  for (const other of from)
    keys[other.id] = (chosen.keys[other.id] ?? other.keys).filter((one) => !meets(one, key));
  return { ...chosen, keys };
}

export function withoutKeys(chosen: Chosen, id: string): Chosen {
  return { ...chosen, keys: { ...chosen.keys, [id]: [] } };
}

/** As at first again, for one action. */
export function withDefault(chosen: Chosen, id: string): Chosen {
  const { [id]: _, ...keys } = chosen.keys;
  return { ...chosen, keys };
}

/** As at first again, for all; whether single keys are used is another choice. */
export const withDefaults = (chosen: Chosen): Chosen => ({ ...AT_FIRST, has_single_keys: chosen.has_single_keys });
