/**
 * What is being written in a file of the folder, kept in this browser until it is saved: a reload
 * loses nothing. The hash says which text it began from.
 */

import type { Box } from '../desk/box';

export interface LocalText {
  text: string;
  hash: string | null;
  /** What customers asked the FAQ in vain, which the text answers once it is saved. */
  questions?: number[];
}

export class LocalTexts {
  constructor(
    private readonly box: Box,
    private readonly operatorId: string,
  ) {}

  read(file: string): LocalText | null {
    return this.box.parsed(this.#key(file)) as LocalText | null;
  }

  /** Answers whether it is kept; a browser without room says no. */
  write(file: string, local: LocalText): boolean {
    return this.box.write(this.#key(file), JSON.stringify(local));
  }

  drop(file: string): void {
    this.box.remove(this.#key(file));
  }

  #key(file: string): string {
    return `flow-text/${this.operatorId}/${file}`;
  }
}

/** Put a proposal there to be looked at; `unsaved` when that would take the writer's own text. */
export function propose(
  locals: LocalTexts,
  { file, text, hash }: LocalText & { file: string },
  questions: number[],
): 'put' | 'unsaved' {
  if (locals.read(file) !== null) return 'unsaved';
  locals.write(file, { text, hash, questions });
  return 'put';
}

export type Opening =
  | { kind: 'clean'; text: string }
  | { kind: 'restored'; text: string }
  | { kind: 'conflict'; text: string };

/** What to show when a file is opened: the file, one's own unsaved text, or both to choose from. */
export function opening(file: LocalText, local: LocalText | null): Opening {
  if (local === null || local.text === file.text) return { kind: 'clean', text: file.text };
  return { kind: local.hash === file.hash ? 'restored' : 'conflict', text: local.text };
}
