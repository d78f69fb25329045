/** A failure of ours as staff read it. An exception's own words may be the customer's: never shown. */

import type { Say, Word } from '../words/words';

const A_CLASS = /^[A-Za-z_][\w.]*$/;
const OF_THE_MACHINE = /^(Operational|Interface|Internal|DBAPI|Disconnection|Timeout|OS|IO|Memory)Error$/;
const RESTORED = 'restored from a backup';

/** What a set-aside event's reason means; null for a sentence that somebody wrote. */
export function troubleWord(reason: string): Word | null {
  const name = causeOf(reason);
  if (name === RESTORED) return 'trouble.restored';
  if (OF_THE_MACHINE.test(name)) return 'trouble.machine';
  return A_CLASS.test(name) ? 'trouble.mistake' : null;
}

/** A reason without the words of an exception. */
export const causeOf = (reason: string): string => {
  const name = reason.split(':', 1)[0]!.trim();
  return A_CLASS.test(name) ? name : reason;
};

/** The sentence that a talk shows. */
export function troubleLine(reason: string, t: Say): string {
  const word = troubleWord(reason);
  return word === null ? reason : t(word);
}
