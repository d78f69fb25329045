/** Figures as shares, the step where most people are lost, and what a figure is called. */

import type { RunFigures, StepFigures } from './rows';

export const RUN_FIGURES = ['begun', 'finished', 'dropped', 'handed_off', 'running', 'cut_off'] as const;
export const STEP_FIGURES = [
  'reached',
  'answered',
  'left',
  'here',
  'retried',
  'timed_out',
  'gave_up',
  'unanswered',
  'cut_off',
] as const;
export type RunFigure = (typeof RUN_FIGURES)[number] | 'called';
export type StepFigure = (typeof STEP_FIGURES)[number];

/** Columns of every flow; the others stand there when they say something. */
const ALWAYS: ReadonlySet<StepFigure> = new Set(['reached', 'answered', 'left', 'here', 'retried']);

/** In whole percent; null when there is nothing to share. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 100);
}

export function columnsOf(steps: readonly StepFigures[]): StepFigure[] {
  return STEP_FIGURES.filter((one) => ALWAYS.has(one) || steps.some((step) => step[one] > 0));
}

/** The step that loses the most people; of equal ones, the largest share of who reaches it. */
export function worstStep(steps: readonly StepFigures[]): string | null {
  const losing = steps.filter((step) => step.left > 0);
  const order = (a: StepFigures, b: StepFigures) =>
    b.left - a.left || b.left / b.reached - a.left / a.reached;
  return [...losing].sort(order)[0]?.step ?? null;
}

export interface Part {
  kind: 'on' | 'here' | 'left' | 'cut_off';
  x: number;
  width: number;
}

/** A step's people side by side, in percent of the busiest step. */
export function partsOf(step: StepFigures, most: number): Part[] {
  let x = 0;
  const parts: Part[] = [];
  for (const kind of ['on', 'here', 'cut_off', 'left'] as const) {
    const width = most === 0 ? 0 : (step[kind] / most) * 100;
    if (width > 0) parts.push({ kind, x, width });
    x += width;
  }
  return parts;
}

export type Unit = 'seconds' | 'minutes' | 'hours' | 'days';

/** A length of time in its largest whole unit. */
export function lengthOf(seconds: number): { unit: Unit; count: number } {
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  if (seconds < 3600) return { unit: 'minutes', count: Math.round(seconds / 60) };
  if (seconds < 48 * 3600) return { unit: 'hours', count: Math.round(seconds / 360) / 10 };
  return { unit: 'days', count: Math.round(seconds / 8640) / 10 };
}

/** Whether somebody has walked here at all. */
export function isEmpty(runs: RunFigures, steps: readonly StepFigures[]): boolean {
  return runs.begun === 0 && steps.every((step) => step.reached === 0);
}
