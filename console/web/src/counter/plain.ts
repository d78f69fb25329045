/** What a rule does, in plain sentences, for whoever reads it before it is saved. */

import type { Rule } from './rows';
import type { CounterWord } from './words_ja';

type Say = (word: CounterWord, params?: Record<string, string | number>) => string;

/** A queue's rule with the house's values where it has none. */
export function over(own: Rule, house: Rule): Rule {
  const merged = Object.entries(own).map(([key, value]) => [
    key,
    value ?? house[key as keyof Rule],
  ]);
  return Object.fromEntries(merged) as unknown as Rule;
}

/** One sentence for each thing that the rule does; what is off is said too. */
export function plainWords(rule: Rule, c: Say, comma: string): string[] {
  return [...targets(rule, c), assignment(rule, c, comma), returning(rule, c), reopening(rule, c)];
}

function targets(rule: Rule, c: Say): string[] {
  const hours = c(rule.hours === 'always' ? 'plain.always' : 'plain.open');
  const of = (minutes: number | null, on: CounterWord, off: CounterWord) =>
    minutes ? c(on, { minutes, hours }) : c(off);
  return [
    of(rule.first_minutes, 'plain.first', 'plain.first_off'),
    of(rule.next_minutes, 'plain.next', 'plain.next_off'),
  ];
}

function assignment(rule: Rule, c: Say, comma: string): string {
  if (!rule.assign || rule.assign.length === 0) return c('plain.assign_off');
  const ways = rule.assign.map((way) => c(`way.${way}`)).join(comma);
  const limit = rule.most_open ? c('plain.limit', { count: rule.most_open }) : '';
  return c('plain.assign', { ways }) + limit;
}

function returning(rule: Rule, c: Say): string {
  return rule.return_minutes
    ? c('plain.return', { minutes: rule.return_minutes })
    : c('plain.return_off');
}

function reopening(rule: Rule, c: Say): string {
  if (rule.reopen_minutes === 0) return c('plain.reopen_never');
  const to = c(rule.reopen_to === 'queue' ? 'plain.to_queue' : 'plain.to_person');
  return rule.reopen_minutes === null
    ? c('plain.reopen_account', { to })
    : c('plain.reopen', { minutes: rule.reopen_minutes, to });
}
