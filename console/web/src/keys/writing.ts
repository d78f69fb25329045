/** Into the composer, to the tags, and between bot and person; and what is asked about the chosen. */

import { tick } from 'svelte';
import { offered, press } from './offers';

const BOX = '.composer textarea';

export const hasBox = (): boolean => document.querySelector(BOX) !== null;

/** The tags are on the card: where that is put away, it is brought first. */
export async function bringTag(): Promise<void> {
  if (!offered('talk.tag')()) press('talk.card');
  await tick();
  press('talk.tag');
}

export const addTag = (): void => void bringTag();

/** One key between bot and person: back to the bot, or away from it. */
export function returnOrTake(): void {
  if (!press('talk.return')) press('talk.take');
}

/** What stands in the menu of the chosen rows: the menu comes up, and it is chosen there. */
export const openChosen = (id: string) => async (): Promise<void> => {
  if (!offered(id)()) press('bulk.more');
  // The menu first gives the keyboard to its first item.
  for (let n = 0; n < TRIES && !offered(id)(); n += 1) await pause();
  await pause();
  press(id);
};

const TRIES = 50;
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
