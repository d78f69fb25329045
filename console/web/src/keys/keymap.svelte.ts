/** The keys as this operator has them: the table's, or those that they chose instead. */

import { isSingle } from './spell';

export interface Chosen {
  /** By action; an empty list takes its keys away. */
  keys: Record<string, readonly string[]>;
  /** WCAG 2.1.4: keys without Ctrl or ⌘ can be turned off, all at once. */
  has_single_keys: boolean;
}

/** What the map needs of an action. */
export interface Keyed {
  id: string;
  keys: readonly string[];
  where: string;
  isFixed?: true;
}

export const AT_FIRST: Chosen = { keys: {}, has_single_keys: true };

export class Keymap {
  /** Given by the table itself: the two would import each other. */
  table: readonly Keyed[] = [];
  chosen: Chosen = $state.raw(AT_FIRST);

  /** The keys that do it now. */
  keysOf(id: string): readonly string[] {
    const action = this.table.find((one) => one.id === id);
    return action === undefined ? [] : this.#keys(action);
  }

  /** What each key does, of the actions that are asked about; the first of them keeps its key. */
  meanings(actions: readonly Keyed[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const action of actions)
      for (const key of this.#keys(action)) if (!found.has(key)) found.set(key, action.id);
    return found;
  }

  /** The actions that have this key already, or one that would never be reached beside it. */
  conflicts(id: string, key: string): Keyed[] {
    const action = this.table.find((one) => one.id === id);
    return this.table.filter(
      (one) => one.id !== id && meet(one, action) && this.#own(one).some((own) => meets(own, key)),
    );
  }

  #keys(action: Keyed): readonly string[] {
    const keys = this.#own(action);
    return this.chosen.has_single_keys || action.isFixed ? keys : keys.filter((one) => !isSingle(one));
  }

  #own(action: Keyed): readonly string[] {
    return (action.isFixed ? undefined : this.chosen.keys[action.id]) ?? action.keys;
  }
}

export const keymap = new Keymap();

/** A box has its own keys: what is done in it and what is done beside it never meet. */
const meet = (one: Keyed, other: Keyed | undefined) =>
  (one.where === 'composer') === (other?.where === 'composer');

/** Of two keys, one is the other or begins it: only one of them can be reached. */
export const meets = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
