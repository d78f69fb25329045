/** What forms did to a text, so that it can be taken back: one step for each change of a row. */

interface Done {
  before: string;
  after: string;
  what: string;
}

const MOST = 100;

export class Steps {
  #done: Done[] = [];

  get isEmpty(): boolean {
    return this.#done.length === 0;
  }

  /** what: the place; letter after letter in one place is one step. */
  did(before: string, after: string, what: string): void {
    if (before === after) return;
    const last = this.#done.at(-1);
    if (last !== undefined && what !== '' && last.what === what && last.after === before) {
      last.after = after;
      return;
    }
    this.#done.push({ before, after, what });
    if (this.#done.length > MOST) this.#done.shift();
  }

  /** The text without the last step; what was typed in the text since goes first. */
  undo(now: string): string | null {
    const last = this.#done.at(-1);
    if (last === undefined) return null;
    if (last.after !== now) return last.after;
    this.#done.pop();
    return last.before;
  }

  forget(): void {
    this.#done = [];
  }
}
