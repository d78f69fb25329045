/**
 * What is written of a broadcast and not saved, kept in this browser: a reload loses nothing. The
 * version says which draft it grew from; a new one has the id that its request will have.
 */

import type { Box } from '../desk/box';
import type { LineMessage } from '../desk/parcel';

export const NEW = 'new';

export interface Kept {
  client_id: string;
  base: number;
  title: string;
  account: string;
  bubbles: ({ text: string } | { name: string; message: LineMessage })[];
}

export class KeptDrafts {
  constructor(
    private readonly box: Box,
    private readonly operatorId: string,
  ) {}

  read(id: string): Kept | null {
    return this.box.parsed(this.#key(id)) as Kept | null;
  }

  /** Answers whether a reload leaves it where it is. */
  write(id: string, kept: Kept): boolean {
    return this.box.write(this.#key(id), JSON.stringify(kept));
  }

  drop(id: string): void {
    this.box.remove(this.#key(id));
  }

  #key(id: string): string {
    return `broadcast/${this.operatorId}/${id}`;
  }
}
