/** What every button here does with a refusal: beside its field, or once at the edge. */

import { Refusal } from '../desk/api';
import { explain } from '../state/moves';
import { toast } from '../state/toasts.svelte';
import { NotProved } from './proof.svelte';
import { findPeopleWord } from './words';

/** The sentence for a refusal that belongs to a field of a form; null for any other. */
export function problemOf(error: unknown): string | null {
  if (!(error instanceof Refusal) || error.status === 401) return null;
  const { why } = error.details as { why?: string };
  const word = findPeopleWord(why === undefined ? `refused.${error.code}` : `weak.${why}`);
  return word ?? (error.status === 400 || error.status === 429 ? error.message : null);
}

/** Say why something was refused; somebody who gave up the proof knows. */
export function tell(error: unknown): void {
  if (error instanceof NotProved) return;
  const problem = problemOf(error);
  if (problem !== null) toast(problem, true);
  else explain(error);
}
