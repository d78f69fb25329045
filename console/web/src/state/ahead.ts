/**
 * The box that the writer types in is ahead of its text until what was typed is painted. Whoever
 * changes that text from elsewhere, or compares it, lets the box be taken first: else one of the two
 * would be lost.
 */

let taking = (): void => undefined;

/** A box is ahead now; take: what is in it becomes the text. */
export function runAhead(take: () => void): void {
  taking = take;
}

/** What is typed is the text now, and lies in this browser. */
export const catchUp = (): void => taking();
