/** From presses to an action: the second key of two has to follow the first soon. */

export const PATIENCE_MS = 1500;

export type Outcome =
  | { kind: 'nothing' }
  /** The first key of two; more: what may follow. */
  | { kind: 'begun'; key: string }
  | { kind: 'act'; id: string };

const NOTHING: Outcome = { kind: 'nothing' };

export class Presses {
  #begun: { key: string; at: number } | null = null;

  /** keys: from a written key, or two with a space between, to the action it stands for. */
  take(key: string, keys: ReadonlyMap<string, string>, now: number): Outcome {
    const begun = this.#begun;
    this.#begun = null;
    if (begun !== null && now - begun.at < PATIENCE_MS) {
      const both = keys.get(`${begun.key} ${key}`);
      // A wrong second key does nothing: it was not meant alone.
      return both === undefined ? NOTHING : { kind: 'act', id: both };
    }
    const alone = keys.get(key);
    if (alone !== undefined) return { kind: 'act', id: alone };
    if (![...keys.keys()].some((one) => one.startsWith(`${key} `))) return NOTHING;
    this.#begun = { key, at: now };
    return { kind: 'begun', key };
  }

  forget(): void {
    this.#begun = null;
  }
}
