/** What is known of a customer, field by field, in words and as an input. */

import type { FieldSpec } from '../desk/rows';
import type { Say } from '../words/words';

export function valueWords(value: unknown, t: Say): string {
  if (value === null || value === undefined || value === '') return t('card.empty');
  if (typeof value === 'boolean') return t(value ? 'card.yes' : 'card.no');
  if (Array.isArray(value)) return value.map((one) => valueWords(one, t)).join('、');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** Which input edits a type of the language. */
export function inputOf(
  field: FieldSpec,
): 'choice' | 'yes_no' | 'number' | 'date' | 'time' | 'text' {
  if (field.options && field.options.length > 0) return 'choice';
  const inputs = {
    bool: 'yes_no',
    boolean: 'yes_no',
    yes_no: 'yes_no',
    number: 'number',
    integer: 'number',
    int: 'number',
    date: 'date',
    time: 'time',
  } as const;
  return inputs[field.type as keyof typeof inputs] ?? 'text';
}

/** What an input holds, as the API takes it; an empty input takes the fact away. */
export function parseInput(field: FieldSpec, text: string): unknown {
  const kind = inputOf(field);
  if (text.trim() === '') return null;
  if (kind === 'number') return Number(text);
  if (kind === 'yes_no') return text === 'true';
  return text;
}
