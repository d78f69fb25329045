/** What a health page shows, as its address has it, so that going back comes back to it. */

import { RUN_FIGURES, STEP_FIGURES, type RunFigure, type StepFigure } from './figures';

export const PERIODS = [7, 30, 90] as const;
const DAYS = 30;

export interface Figure {
  step: string | null;
  figure: RunFigure | StepFigure;
}

export interface Asked {
  days: number;
  version: number | null;
  behind: Figure | null;
}

export function parseAsked(search: string): Asked {
  const given = new URLSearchParams(search);
  const days = Number(given.get('days'));
  const version = Number(given.get('version'));
  return {
    days: PERIODS.find((one) => one === days) ?? DAYS,
    version: Number.isInteger(version) && version > 0 ? version : null,
    behind: behindIn(given),
  };
}

export function searchOf({ days, version, behind }: Asked): string {
  const given = new URLSearchParams();
  if (days !== DAYS) given.set('days', String(days));
  if (version !== null) given.set('version', String(version));
  if (behind !== null) {
    if (behind.step !== null) given.set('step', behind.step);
    given.set('figure', behind.figure);
  }
  const search = given.toString();
  return search === '' ? '' : `?${search}`;
}

function behindIn(given: URLSearchParams): Figure | null {
  const [step, figure] = [given.get('step'), given.get('figure')];
  const known: readonly string[] = step === null ? [...RUN_FIGURES, 'called'] : STEP_FIGURES;
  if (figure === null || !known.includes(figure)) return null;
  return { step, figure: figure as Figure['figure'] };
}

/** Where the health of a flow stands; null: of the whole bot. */
export const healthFile = (flow: string | null) => (flow === null ? 'health' : `health/${flow}`);

/** Which flow's health a place is; undefined: none of this. */
export function flowOfHealth(file: string | null): string | null | undefined {
  if (file === 'health') return null;
  return file?.startsWith('health/') ? file.slice('health/'.length) : undefined;
}
