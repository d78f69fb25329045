/** Lines that belong together: pictures that were sent as one, and what one said in one breath. */

import { isDeed, record } from './line';
import type { Message } from './rows';
import type { Item } from './talk';

const BREATH_MS = 5 * 60_000;

/**
 * The pictures of the set that begins at this line; null for a later one of a set, which is drawn
 * with the first. A picture that was taken back stands alone.
 */
export function setOf(all: readonly Message[], index: number): Message[] | null {
  const message = all[index]!;
  const id = setId(message);
  if (id === null) return [message];
  if (index > 0 && setId(all[index - 1]!) === id) return null;
  const rest = all.slice(index).findIndex((one) => setId(one) !== id);
  const set = all.slice(index, rest < 0 ? undefined : index + rest);
  return set.toSorted((a, b) => placeInSet(a) - placeInSet(b));
}

/** How many pictures LINE says that a set has. */
export function sizeOfSet(message: Message): number {
  const total = record(message.content.imageSet).total;
  return typeof total === 'number' ? total : 1;
}

/** Mark lines that stand in one breath with their neighbours. */
export function grouped(items: Item[]): Item[] {
  return items.map((item, index) => {
    if (item.kind !== 'message') return item;
    const isLed = isOneBreath(items[index - 1], item);
    const isFollowed = isOneBreath(item, items[index + 1]);
    return { ...item, isLed, isFollowed };
  });
}

function isOneBreath(above: Item | undefined, below: Item | undefined): boolean {
  if (above?.kind !== 'message' || below?.kind !== 'message') return false;
  if (above.offers.length > 0 || isDeed(above.message) || isDeed(below.message))
    return false;
  const [a, b] = [above.message, below.message];
  const isSameVoice =
    a.sender === b.sender &&
    a.operator_id === b.operator_id &&
    a.origin?.flow === b.origin?.flow &&
    a.origin?.step === b.origin?.step &&
    a.origin?.form === b.origin?.form;
  return isSameVoice && Date.parse(b.at) - Date.parse(a.at) < BREATH_MS;
}

function setId(message: Message): string | null {
  const id = record(message.content.imageSet).id;
  const isWhole = message.unsent_at === null && message.sender === 'customer';
  return isWhole && typeof id === 'string' ? id : null;
}

function placeInSet(message: Message): number {
  const index = record(message.content.imageSet).index;
  return typeof index === 'number' ? index : message.seq;
}
