/** What the counts of a broadcast say together. */

import type { Broadcast, Status } from './rows';

/** People whose outcome is not there yet. */
export const waiting = (one: Broadcast): number =>
  Math.max(0, one.recipients - one.sent - one.unknown - one.failed - one.cancelled);

/** It may still change by itself. */
export const isGoing = ({ status }: { status: Status }): boolean =>
  status === 'sending' || status === 'scheduled';

/** It has begun, so that there are figures. */
export const hasBegun = (one: Broadcast): boolean => one.began_at !== null;

/** How much has an outcome, from 0 to 1; null while the list of recipients is being made. */
export function progressOf(one: Broadcast): number | null {
  if (!one.is_frozen) return null;
  return one.recipients === 0 ? 1 : (one.recipients - waiting(one)) / one.recipients;
}

export interface Moment {
  what: 'ended' | 'began' | 'at' | 'cancelled' | 'changed';
  at: string;
}

/** When it was to go out or did, and when it was over; what never began was only taken back. */
export function timesOf({ began_at, ended_at, send_at }: Broadcast): Moment[] {
  if (began_at === null && ended_at !== null) return [{ what: 'cancelled', at: ended_at }];
  if (began_at === null) return send_at === null ? [] : [{ what: 'at', at: send_at }];
  const began: Moment = { what: 'began', at: began_at };
  return ended_at === null ? [began] : [began, { what: 'ended', at: ended_at }];
}

/** The moment that a list tells. */
export function whenOf(one: Broadcast): Moment {
  const last = one.status === 'draft' ? undefined : timesOf(one).at(-1);
  return last ?? { what: 'changed', at: one.updated_at };
}
