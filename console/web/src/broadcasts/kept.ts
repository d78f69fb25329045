/**
 * What is written of a broadcast and not saved, kept in this browser: a reload loses nothing. The
 * version says which draft it grew from; a new one has the id that its request will have.
 */

import type { LineMessage } from '../desk/parcel';

export const NEW = 'new';

export interface Kept {
  client_id: string;
  base: number;
  title: string;
  account: string;
  bubbles: ({ text: string } | { name: string; message: LineMessage })[];
}

type Box = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class KeptDrafts {
  constructor(
    private readonly box: Box,
    private readonly operatorId: string,
  ) {}

  read(id: string): Kept | null {
    try {
      return JSON.parse(this.box.getItem(this.#key(id)) ?? 'null') as Kept | null;
    } catch {
      return null; // somebody else wrote there
    }
  }

  /** Answers whether it is kept; a browser without room says no. */
  write(id: string, kept: Kept): boolean {
    try {
      this.box.setItem(this.#key(id), JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  }

  drop(id: string): void {
    this.box.removeItem(this.#key(id));
  }

  #key(id: string): string {
    return `broadcast/${this.operatorId}/${id}`;
  }
}
