/** What a reply costs now, and what of the month is left. */

import type { Quota } from './rows';

export const LAST_SECONDS = 10;
const LOW_SHARE = 0.1;

export type Left = 'unknown' | 'unlimited' | 'enough' | 'low' | 'none';

export function leftOf(quota: Quota | undefined): Left {
  if (quota === undefined || quota.kind === null) return 'unknown';
  if (quota.kind === 'none') return 'unlimited';
  const { left, most } = quota;
  if (left === null || most === null) return 'unknown';
  if (left === 0) return 'none';
  return left < most * LOW_SHARE ? 'low' : 'enough';
}
