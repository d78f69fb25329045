/** The decision to send, made once however often it has to be said. */

import { Unreachable, type Refusal } from '../desk/api';
import { castCalls } from './calls';
import type { Whole } from './rows';

const TRIES = 3;

/**
 * Where no answer came, or somebody was first, the broadcast itself tells whether it goes out: the
 * version keeps a second request from doing anything after the first. Raises Refusal, Unreachable.
 */
export async function sendSurely(id: string, version: number, at: Date | null): Promise<Whole> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await castCalls.schedule(id, version, at?.toISOString() ?? null);
    } catch (error) {
      const now = await castCalls.get(id).catch(() => null);
      if (now !== null && now.broadcast.status !== 'draft') return now;
      if (!(error instanceof Unreachable) || tries === TRIES) throw error;
    }
  }
}

/** Why it was refused; of what LINE would not take, with LINE's own words. */
export function wordsOf(refusal: Refusal): string {
  const { faults = [] } = refusal.details as { faults?: { said: string }[] };
  return [refusal.message, ...faults.map(({ said }) => said)].join('\n');
}
