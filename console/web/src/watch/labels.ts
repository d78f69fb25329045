/** What a row of a report is called, and what a figure of it says. */

import { t } from '../state/settings.svelte';
import { isTime, valueOf } from './figures';
import type { By, Figure, ReportRow } from './rows';
import { dayText, lengthText, numberText, w } from './words';

export function rowLabel(row: ReportRow, by: By): string {
  if (by === 'day') return dayText(row.key);
  if (by === 'hour') return w('row.hour', { hour: Number(row.key) });
  return row.label || w('row.nameless');
}

/** In one short text; a dash for what is not known. */
export function valueText(row: ReportRow, figure: Figure): string {
  const value = valueOf(row, figure);
  if (value === null) return w('cell.none');
  return isTime(figure) ? lengthText(value) : numberText(value);
}

/** What else there is to say of it. */
export function moreText(row: ReportRow, figure: Figure): string {
  if (isTime(figure)) {
    const lengths = row.times[figure];
    if (!lengths) return '';
    const parts = [
      figure === 'handled'
        ? w('cell.median', { length: lengthText(lengths.median_s) })
        : w('cell.p90', { length: lengthText(lengths.p90_s) }),
      w('cell.of', { count: numberText(lengths.count) }),
    ];
    return parts.join(t('between.dot'));
  }
  const { talks, bot_only } = row.counts;
  if (figure !== 'bot_only' || !talks || bot_only === null || bot_only === undefined) return '';
  return w('cell.share', { percent: Math.round((bot_only / talks) * 100) });
}
