/** A customer's history, put into words; what has no words of its own is left out. */

import { record } from '../desk/line';
import type { TimelineItem } from '../desk/rows';
import type { Say, Word } from '../words/words';

const WORDS: Record<string, Word> = {
  'friend.followed': 'line.followed',
  'friend.blocked': 'line.blocked',
  'customer.tagged': 'line.tagged',
  'customer.untagged': 'line.untagged',
  'customer.changed': 'line.changed',
  'handoff.asked': 'line.handed_off',
  'conversation.taken': 'line.taken',
  'conversation.assigned': 'line.taken',
  'conversation.resolved': 'line.resolved',
  'conversation.returned': 'line.returned',
  'note.added': 'line.note',
};

export function timelineLine(item: TimelineItem, t: Say): string | null {
  const word = item.kind === 'run.changed' ? runWord(item) : WORDS[item.kind];
  if (word === undefined) return null;
  const data = record(item.data);
  const inside = (key: string, part: string) => record(data[part])[key] ?? data[key];
  return t(word, {
    name: item.actor.name ?? t('act.somebody'),
    tag: String(data.tag ?? '—'),
    text: String(inside('text', 'note') ?? ''),
    title: String(inside('title', 'run') ?? inside('flow', 'run') ?? ''),
  });
}

function runWord(item: TimelineItem): Word {
  const run = record(item.data.run ?? item.data);
  return run.ended_at || run.status === 'ended' ? 'line.run_ended' : 'line.run';
}
