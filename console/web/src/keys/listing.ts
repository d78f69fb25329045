/** The list by the keyboard: along its rows, and to the next one when a talk is done. */

import { next, previous } from '../inbox/actions';
import { mentions } from '../inbox/mentions.svelte';
import { go, place } from '../state/place.svelte';
import { inbox } from '../state/inbox.svelte';
import { shelf } from '../state/shelf.svelte';
import { seeFocus } from './focus';
import { press } from './offers';

const ROWS = '.queue .row';

export const hasRows = (): boolean =>
  inbox.rows.length > 0 || (place.mentions && mentions.items.length > 0);

/**
 * The keyboard goes to the row below or above, also to one that is not drawn yet; where no list is
 * shown, the talk itself changes.
 */
export const stepRows = (by: 1 | -1) => () => {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  if (!rows[0]?.checkVisibility()) return stepTalks(by);
  if (place.q !== '' || place.mentions) return stepHits(rows, by);
  if (by === 1) next();
  else previous();
};

/** What was found is drawn whole, and names a talk perhaps twice. */
function stepHits(rows: readonly HTMLElement[], by: 1 | -1): void {
  const here = rows.findIndex((row) => row === document.activeElement);
  const current = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const at = here < 0 && current < 0 ? -1 : Math.max(0, (here < 0 ? current : here) + by);
  const found = rows[at < 0 ? 0 : at];
  found?.focus();
  found?.scrollIntoView({ block: 'nearest' });
}

export function openRow(): void {
  const here = document.activeElement;
  if (here instanceof HTMLElement && here.matches(ROWS)) here.click();
}

/** The talk after this one comes up, as soon as this one is done. */
export function resolveAndNext(): void {
  const after = beside(1) ?? beside(-1);
  const { talk } = place;
  if (!press('talk.resolve')) return;
  void whenDone(talk).then((isDone) => {
    if (!isDone || place.talk !== talk) return;
    go({ talk: after });
    void seeFocus('.queue .row[aria-current="true"]', '.queue .row');
  });
}

const PATIENCE_MS = 8000;
const PAUSE_MS = 50;

/** A talk that was refused stays where it is. */
async function whenDone(talk: string | null): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    if (talk !== null && shelf().conversations.get(talk)?.status === 'done') return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}

function stepTalks(by: 1 | -1): void {
  const talk = beside(by);
  if (talk !== null) go({ talk });
}

function beside(by: 1 | -1): string | null {
  const ids = inbox.shownIds;
  const at = place.talk === null ? -1 : ids.indexOf(place.talk);
  return at < 0 ? (ids[0] ?? null) : (ids[at + by] ?? null);
}
