/** A customer's history, put into words; what has no words of its own is left out. */

import { record } from '../desk/line';
import type { FieldSpec } from '../desk/house';
import type { TimelineItem } from '../desk/rows';
import type { Say, Word } from '../words/words';
import { valueWords } from './fields';
import { named } from './lines';

export interface Line {
  item: TimelineItem;
  words: string;
}

/** What the words need of the house. */
export interface Names {
  operator(id: string): string | null;
  fields: readonly FieldSpec[];
}

const WORDS: Record<string, Word> = {
  'friend.followed': 'line.followed',
  'friend.blocked': 'line.blocked',
  'customer.tagged': 'line.tagged',
  'customer.untagged': 'line.untagged',
  'handoff.asked': 'line.handed_off',
  'conversation.waiting': 'line.waiting',
  'conversation.trouble': 'line.trouble',
  'conversation.taken': 'line.taken',
  'conversation.assigned': 'line.assigned',
  'conversation.resolved': 'line.resolved',
  'conversation.returned': 'line.returned',
  'conversation.snoozed': 'line.snoozed',
  'conversation.reopened_by_hand': 'line.reopened_by_hand',
  'conversation.woken_by_hand': 'line.woken_by_hand',
  'note.added': 'line.note',
  'note.deleted': 'line.note_deleted',
};

/** The history in words. items: newest first, as the API gives them. */
export function timelineLines(items: readonly TimelineItem[], t: Say, names: Names): Line[] {
  return items.flatMap((item, index) => {
    const words = lineOf(item, items.slice(index + 1), t, names);
    return words === null ? [] : [{ item, words }];
  });
}

function lineOf(
  item: TimelineItem,
  earlier: readonly TimelineItem[],
  t: Say,
  names: Names,
): string | null {
  if (item.kind === 'run.changed') return runLine(item, earlier, t);
  if (item.kind === 'customer.changed') return changeLine(item, t, names);
  if (item.kind === 'note.added' && record(item.data.note).deleted_at) return null;
  const isByRule = item.kind === 'conversation.assigned' && item.actor.kind === 'system';
  const word = isByRule ? 'line.assigned_by_rule' : WORDS[item.kind];
  if (word === undefined || isSaidAlready(item, earlier)) return null;
  return t(word, {
    name: named(item.actor.name, t),
    tag: String(record(item.data.change).tag ?? '—'),
    text: String(record(item.data.note).text ?? ''),
  });
}

/** Each line that finds no answer says that the talk waits: once is enough until it changes. */
function isSaidAlready(item: TimelineItem, earlier: readonly TimelineItem[]): boolean {
  if (item.kind !== 'conversation.waiting') return false;
  const last = earlier.find(({ kind }) => kind.startsWith('conversation.') && kind in WORDS);
  return last?.kind === item.kind;
}

/** A run is told when it begins and when it ends, not at each of its steps. */
function runLine(item: TimelineItem, earlier: readonly TimelineItem[], t: Say): string | null {
  const run = record(item.data.run);
  const title = String(run.title ?? '');
  if (run.ended_at) return t('line.run_ended', { title });
  const isKnown = earlier.some((other) => record(other.data.run).id === run.id);
  return isKnown ? null : t('line.run', { title });
}

function changeLine(item: TimelineItem, t: Say, names: Names): string | null {
  const change = record(item.data.change);
  if ('name' in change) return t('line.named', { name: String(change.name ?? t('card.empty')) });
  if ('owner_id' in change) {
    const name = change.owner_id === null ? null : names.operator(String(change.owner_id));
    return t('line.owner', { name: name ?? t('card.owner_none') });
  }
  const facts = Object.entries(record(change.fields)).map(([key, value]) => {
    const field = names.fields.find((one) => one.key === key);
    return `${field?.title || key}: ${valueWords(value, t, field?.type)}`;
  });
  return facts.length === 0 ? null : t('line.fields', { facts: facts.join(t('between.comma')) });
}
