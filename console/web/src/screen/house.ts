/** What the house has, by name. */

import type { FieldSpec, House } from '../desk/rows';

export const queueNames = (house: House): string[] =>
  house.queues.map((queue) => (typeof queue === 'string' ? queue : queue.name));

export const tagNames = (house: House): string[] =>
  house.tags.map((tag) => (typeof tag === 'string' ? tag : tag.name));

/** The answers that a field allows, as value and words. */
export const optionsOf = (field: FieldSpec): { value: string; label: string }[] =>
  (field.options ?? []).map((option) =>
    typeof option === 'string' ? { value: option, label: option } : option,
  );
