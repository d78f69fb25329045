/** Templates and picture maps of LINE in parts that can be drawn; what is unknown is left out. */

import { list, record } from '../desk/line';
import type { Content } from '../desk/rows';

export interface Tap {
  label: string;
  /** A page that staff may open too; null for what only a customer can tap. */
  address: string | null;
}

export interface Leaf {
  title: string | null;
  text: string | null;
  picture: string | null;
  taps: Tap[];
}

/** The leaves of a template: one, or those of a carousel. */
export function leavesOf(content: Content): Leaf[] {
  const template = record(content.template);
  const columns = list(template.columns).map(record);
  return (columns.length > 0 ? columns : [template]).map(leaf);
}

/** The areas of a picture map. */
export function mapTaps(content: Content): Tap[] {
  return list(content.actions).map((action) => tap(record(action)));
}

/** A page that may be opened from here: http and https, and telephone numbers. */
export function openable(address: unknown): string | null {
  const isOne = typeof address === 'string' && /^(https?:\/\/|tel:)/i.test(address);
  return isOne && URL.canParse(address) ? address : null;
}

function leaf(part: Record<string, unknown>): Leaf {
  const actions = part.action === undefined ? list(part.actions) : [part.action];
  return {
    title: words(part.title),
    text: words(part.text),
    picture: openable(part.thumbnailImageUrl ?? part.imageUrl),
    taps: actions.map((action) => tap(record(action))),
  };
}

function tap(action: Record<string, unknown>): Tap {
  const address = openable(action.uri ?? action.linkUri);
  const label = words(action.label) ?? words(action.text) ?? address ?? words(action.type) ?? '';
  return { label, address };
}

const words = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
