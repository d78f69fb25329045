/** Going to another list, room or pane by the keyboard; and out of what one is in. */

import { tick } from 'svelte';
import type { View } from '../desk/rows';
import { goSaved, goView } from '../inbox/actions';
import { placeOfMentions } from '../inbox/going';
import { selection } from '../inbox/selection.svelte';
import { list } from '../inbox/ui.svelte';
import { inbox } from '../state/inbox.svelte';
import { go, place, type Place } from '../state/place.svelte';
import { firstShown, isField, seeFocus, takeFocus } from './focus';

export const goToView = (view: View) => () => {
  goView(view);
  void seeFocus('.queue .row', '.queue input[type="search"]');
};

export function goToMentions(): void {
  go(placeOfMentions());
  void seeFocus('.queue .row', '.queue .bar input');
}

export const goToSaved = (number: number) => () => {
  goSaved(number);
  void seeFocus('.queue .row', '.queue input[type="search"]');
};

export function goToHealth(): void {
  go({ room: 'flows', file: 'health', talk: null });
  void seeFocus('main h1', 'main');
}

export const goTo = (room: Place['room']) => () => {
  go({ room, file: null, talk: null });
  void seeFocus('main h1', 'main');
};

/** The panes from left to right, each with what takes the keyboard in it, the best first. */
const PANES: readonly (readonly string[])[] = [
  ['.nav a[aria-current]', '.nav a'],
  ['.queue .row[aria-current]', '.queue .row', '.queue input'],
  ['.talk [role="log"]', '.talk .empty'],
  ['.composer textarea', '.composer'],
  ['aside.card'],
  ['main.pane h1', 'main.pane'],
];

/** To the pane beside: there is none beyond the last. */
export const turnPane = (by: 1 | -1) => () => {
  const panes = PANES.flatMap((found) => firstShown(found) ?? []);
  const at = panes.findIndex((pane) => paneAround(pane)?.contains(document.activeElement));
  const next = at < 0 ? panes[by === 1 ? 0 : panes.length - 1] : panes[at + by];
  if (next !== undefined) takeFocus(next);
};

/** Out of a box first, then out of choosing rows, then out of the talk. What lies over the page has taken its Escape before. */
export function leave(): void {
  const here = document.activeElement;
  if (here?.shadowRoot) return; // in the editor Escape lets the next Tab lead out
  if (here instanceof HTMLElement && here !== document.body && isField(here)) {
    const log = document.querySelector<HTMLElement>('.talk [role="log"]');
    if (here.closest('.talk') && log) return log.focus();
    return here.blur();
  }
  if (place.room === 'inbox' && selection.isShown) return letGo(here);
  if (place.room === 'inbox' && place.talk !== null) void leaveTalk(place.talk);
}

/** With the choice its bar goes: whoever was in there is led to the list. */
function letGo(here: Element | null): void {
  const wasInBar = here?.closest('.queue') != null && !here.matches('.row');
  selection.clear();
  if (wasInBar) void seeFocus('.queue .row[aria-current="true"]', '.queue .row');
}

/** Also to a row that is not drawn, because it is far from what is seen of the list. */
async function leaveTalk(talk: string): Promise<void> {
  go({ talk: null });
  await tick();
  if (inbox.shownIds.includes(talk) && list() !== null) return list()?.focusRow(talk);
  document.querySelector<HTMLElement>(`.queue a[href*="${CSS.escape(talk)}"]`)?.focus();
}

function paneAround(inside: Element): Element | null {
  return inside.closest('.nav, .queue, [role="log"], .composer, aside.card, main.pane');
}
