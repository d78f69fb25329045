/**
 * What is being written in a file of the folder, kept in this browser until it is saved: a reload
 * loses nothing. The hash says which text it began from.
 */

export interface LocalText {
  text: string;
  hash: string | null;
  /** What customers asked the FAQ in vain, which the text answers once it is saved. */
  questions?: number[];
}

type Box = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class LocalTexts {
  constructor(
    private readonly box: Box,
    private readonly operatorId: string,
  ) {}

  read(file: string): LocalText | null {
    try {
      return JSON.parse(this.box.getItem(this.#key(file)) ?? 'null') as LocalText | null;
    } catch {
      return null; // somebody else wrote there
    }
  }

  /** Answers whether it is kept; a browser without room says no. */
  write(file: string, local: LocalText): boolean {
    try {
      this.box.setItem(this.#key(file), JSON.stringify(local));
      return true;
    } catch {
      return false;
    }
  }

  drop(file: string): void {
    this.box.removeItem(this.#key(file));
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
): 'put' | 'unsaved' | 'full' {
  if (locals.read(file) !== null) return 'unsaved';
  return locals.write(file, { text, hash, questions }) ? 'put' : 'full';
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
