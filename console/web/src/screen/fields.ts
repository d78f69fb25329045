/** What is known of a customer, field by field, in words and as an input. */

import type { FieldSpec } from '../desk/house';
import type { Say } from '../words/words';

export type Input =
  | 'choice'
  | 'several'
  | 'yes_no'
  | 'number'
  | 'date'
  | 'time'
  | 'datetime-local'
  | 'tel'
  | 'email'
  | 'text';

const INPUTS: Record<string, Input> = {
  choice: 'choice',
  list: 'several',
  yesno: 'yes_no',
  number: 'number',
  date: 'date',
  time: 'time',
  datetime: 'datetime-local',
  phone: 'tel',
  email: 'email',
};

/** Which input edits a field; what a type does not know is edited as text. */
export function inputOf(field: FieldSpec): Input {
  const input = INPUTS[field.type] ?? 'text';
  return input === 'choice' && !field.options?.length ? 'text' : input;
}

export function valueWords(value: unknown, t: Say, type = ''): string {
  if (value === null || value === undefined || value === '') return t('card.empty');
  if (typeof value === 'boolean') return t(value ? 'card.yes' : 'card.no');
  if (type === 'yesno') return t(value === 'yes' ? 'card.yes' : 'card.no');
  if (Array.isArray(value)) return value.map((one) => valueWords(one, t)).join(t('between.comma'));
  if (typeof value === 'object') return JSON.stringify(value);
  return dateWords(String(value), t);
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?)?$/;

/** A date, or a date with its hour, as people write it; every other text as it stands. */
export function dateWords(text: string, t: Say): string {
  const [, year, month, day, time] = DATE.exec(text) ?? [];
  if (year === undefined) return text;
  const words = t('date.day', { year, month: Number(month), day: Number(day) });
  return time === undefined ? words : `${words} ${time}`;
}

/** A stored value as its input holds it; several stand one on a line. */
export function inputText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** What an input holds, as the API takes it; an empty input takes the fact away. */
export function parseInput(field: FieldSpec, text: string): unknown {
  if (text.trim() === '') return null;
  switch (inputOf(field)) {
    case 'number':
      return Number(text);
    case 'several':
      return text.split('\n').flatMap((line) => line.trim() || []);
    default:
      return text;
  }
}
