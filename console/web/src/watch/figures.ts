/** Figures as the screen needs them: what is a length, what a bar is worth, and shares. */

import { TIMES, type CountFigure, type Figure, type ReportRow, type TimeFigure } from './rows';

export const isTime = (figure: Figure): figure is TimeFigure =>
  (TIMES as readonly string[]).includes(figure);

/** What a row has of a figure: a count, or the length that stands for many; null: nothing. */
export function valueOf(row: ReportRow, figure: Figure): number | null {
  if (!isTime(figure)) return row.counts[figure] ?? null;
  const lengths = row.times[figure];
  if (!lengths) return null;
  return figure === 'handled' ? lengths.mean_s : lengths.median_s;
}

/** How many talks or stretches a figure leads to. */
export function sizeOf(row: ReportRow, figure: Figure): number {
  if (isTime(figure)) return row.times[figure]?.count ?? 0;
  return row.counts[figure as CountFigure] ?? 0;
}

/** In whole percent; null where there is nothing to share. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 100);
}

export interface Bar {
  x: number;
  width: number;
  height: number;
}

/** Bars side by side in a box of 100 by 100, the largest as high as the box. */
export function barsOf(values: readonly (number | null)[]): Bar[] {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const room = 100 / Math.max(1, values.length);
  return values.map((value, number) => ({
    x: number * room + room * 0.15,
    width: room * 0.7,
    height: most === 0 ? 0 : ((value ?? 0) / most) * 100,
  }));
}

/** Where the largest stands; -1 when all are nothing. */
export function largest(values: readonly (number | null)[]): number {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return most === 0 ? -1 : values.findIndex((value) => value === most);
}

/** A line through what is known, in a box of 100 by 100; parts that are not joined are apart. */
export function lineOf(values: readonly (number | null)[], least: number, most: number): string[] {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  const span = most - least || 1;
  const parts: string[][] = [[]];
  values.forEach((value, number) => {
    if (value === null) parts.push([]);
    else {
      const [x, y] = [number * step, 100 - ((value - least) / span) * 100];
      parts[parts.length - 1]!.push(`${round(x)},${round(y)}`);
    }
  });
  return parts.filter((part) => part.length > 0).map((part) => part.join(' '));
}

const round = (value: number) => Math.round(value * 100) / 100;
