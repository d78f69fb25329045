/** When a message may go out: moments to choose from, in the organisation's own zone. */

import type { Clock } from '../desk/time';

export type Quick = 'evening' | 'morning' | 'opening';

export interface Choice {
  what: Quick;
  at: Date;
}

const EVENING_HOUR = 17;
const MORNING_HOUR = 9;
/** A moment that is almost there is no choice. */
const SOONEST_MS = 10 * 60_000;

/** The moments that are still ahead, soonest first. opening: when the counter opens next. */
export function choices(clock: Clock, now: number, opening: string | null): Choice[] {
  const today = clock.local(now).slice(0, 10);
  const evening = clock.parseLocal(`${today}T${EVENING_HOUR}:00`);
  const found: Choice[] = [];
  if (evening !== null && evening.getTime() - now >= SOONEST_MS)
    found.push({ what: 'evening', at: evening });
  const morning = clock.tomorrowAt(MORNING_HOUR, now);
  found.push({ what: 'morning', at: morning });
  const opens = opening === null ? 0 : Date.parse(opening);
  // Where both are the same moment, one of them is enough.
  if (opens - now >= SOONEST_MS && opens !== morning.getTime())
    found.push({ what: 'opening', at: new Date(opens) });
  return found.sort((a, b) => a.at.getTime() - b.at.getTime());
}

const FARTHEST_MS = 366 * 24 * 60 * 60_000;

/** Whether the server takes a moment: ahead, and within a year. */
export const isPossible = (at: Date | null, now: number): at is Date =>
  at !== null && at.getTime() > now && at.getTime() <= now + FARTHEST_MS;
