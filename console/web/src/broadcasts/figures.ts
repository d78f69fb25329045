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

/** The moment that a list tells, and what it is. */
export function whenOf(one: Broadcast): { what: 'ended' | 'began' | 'at' | 'changed'; at: string } {
  if (one.status === 'draft') return { what: 'changed', at: one.updated_at };
  if (one.ended_at !== null && one.began_at !== null) return { what: 'ended', at: one.ended_at };
  if (one.began_at !== null) return { what: 'began', at: one.began_at };
  return { what: 'at', at: one.send_at ?? one.updated_at };
}
