/** How the published version fares, to be drawn on its steps. */

import { calls } from './calls';
import { worstStep } from './figures';
import type { StepFigures } from './rows';

const DAYS = 30;

/** Remembered while one goes from flow to flow. */
export const dropOff = $state({ isShown: false });

export interface Losses {
  of: ReadonlyMap<string, StepFigures>;
  worst: string | null;
}

/** The steps of one version of a flow that anybody has reached. Raises what the call raises. */
export async function readLosses(flow: string, version: number): Promise<Losses> {
  const { steps } = await calls.flow(flow, { days: DAYS, version });
  const reached = steps.filter((one) => one.reached > 0);
  return { of: new Map(reached.map((one) => [one.step, one])), worst: worstStep(reached) };
}
