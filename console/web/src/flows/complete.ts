/** What may stand where the cursor is: keys by the verb, names by the key before them. */

import type { Keys, Names } from './rows';

export interface Offer {
  label: string;
  kind: 'key' | 'name';
}

export interface Offers {
  /** How many letters before the cursor the chosen word replaces. */
  length: number;
  offers: Offer[];
}

const NAMES_OF: Record<string, string> = {
  goto: 'steps',
  tag: 'tags',
  untag: 'tags',
  tag_added: 'tags',
  all: 'tags',
  to: 'queues',
  handoff: 'queues',
  notify: 'notify',
  call: 'flows',
  start: 'flows',
  test: 'flows',
  calendar: 'calendars',
  in: 'faqs',
  segment: 'segments',
  flex: 'flex',
};
const PATHS: Record<string, string> = {
  field: 'fields',
  answer: 'steps',
  var: 'vars',
  link: 'links',
  visits: 'steps',
};
/** What may stand in a condition, besides the paths of fields, answers and vars. */
const CONDITION = ['tag', 'name', 'message', 'business_hours', 'segment', 'any', 'all', 'not'];
const WORDS = ['name', 'message', 'calendar.next_open'];

/** lines: the text up to the cursor. */
export function offersAt(lines: readonly string[], names: Names, keys: Keys): Offers | null {
  const line = lines.at(-1) ?? '';
  return (
    pathOffers(line, names) ?? valueOffers(line, names, keys) ?? conditionOffers(line, names) ?? keyOffers(lines, line, keys)
  );
}

function pathOffers(line: string, names: Names): Offers | null {
  const path = /\b(field|answer|var|link|visits)\.([a-z0-9_]*)$/.exec(line);
  if (path !== null) return named(path[2]!, names[PATHS[path[1]!]!] ?? []);
  const hole = /\{\{\s*([a-z._]*)$/.exec(line);
  if (hole === null) return null;
  return named(hole[1]!, [...WORDS, ...pathsOf(['field', 'answer', 'var', 'link'], names)]);
}

function pathsOf(kinds: readonly string[], names: Names): string[] {
  return kinds.flatMap((kind) => (names[PATHS[kind]!] ?? []).map((name) => `${kind}.${name}`));
}

function valueOffers(line: string, names: Names, keys: Keys): Offers | null {
  const value = /(?:^|[\s{,[-])([a-z_]+):\s+(?:\[(?:[^\]]*,)?\s*)?([^\s,[\]{}:]*)$/.exec(line);
  if (value === null) return null;
  const [, key, typed] = value as unknown as [string, string, string];
  if (key === 'type') return named(typed, keys.types);
  if (key === 'save')
    return named(typed, (names.fields ?? []).map((name) => `field.${name}`));
  const kind = NAMES_OF[key];
  return kind === undefined ? null : named(typed, names[kind] ?? []);
}

/** Where `only_if: {` or `when: {` is still open: the braces after it hold conditions alone. */
function conditionOffers(line: string, names: Names): Offers | null {
  const open = /\b(?:only_if|when|if|stop_when):\s*(\{.*)$/.exec(line)?.[1] ?? '';
  const isOpen = open.split('{').length > open.split('}').length;
  const typed = /[{,]\s*([a-z_]*)$/.exec(open);
  if (!isOpen || typed === null) return null;
  return keyed(typed[1]!, [...CONDITION, ...pathsOf(['field', 'answer', 'var'], names)]);
}

function keyOffers(lines: readonly string[], line: string, keys: Keys): Offers | null {
  const start = /^(\s*)(- )?([a-z_]*)$/.exec(line);
  if (start !== null) {
    const [, indent, dash, typed] = start as unknown as [string, string, string | undefined, string];
    return keyed(typed, keysAt(lines.slice(0, -1), indent.length, dash !== undefined, keys));
  }
  const inside = /[{,]\s*([a-z_]*)$/.exec(line);
  if (inside === null || !line.includes('{')) return null;
  return keyed(inside[1]!, /start:\s*\[/.test(line) ? keys.trigger : keys.way);
}

function keysAt(before: readonly string[], indent: number, isItem: boolean, keys: Keys): string[] {
  if (indent === 0 && !isItem) return without(keys.flow, before, 0);
  const column = indent + (isItem ? 2 : 0);
  const steps = before.findLastIndex((line) => /^steps:/.test(line));
  if (steps < 0) return [];
  const first = before.slice(steps + 1).find((line) => /^\s*- /.test(line));
  const stepColumn = first === undefined ? column : first.indexOf('-') + 2;
  if (column !== stepColumn) return keys.way;
  if (isItem) return [...Object.keys(keys.steps), 'goto', 'tag', 'set'];
  const begun = before.findLastIndex((line) => line.indexOf('- ') === stepColumn - 2);
  const own = before.slice(begun);
  const verb = Object.keys(keys.steps).find((each) =>
    own.some((line) => keyIn(line, stepColumn) === each),
  );
  return without(verb === undefined ? keys.way : (keys.steps[verb] ?? []), own, stepColumn);
}

function without(all: readonly string[], lines: readonly string[], column: number): string[] {
  const there = new Set(lines.map((line) => keyIn(line, column)));
  return all.filter((key) => !there.has(key));
}

function keyIn(line: string, column: number): string | null {
  const found = /^(\s*(?:- )?)([a-z_]+):/.exec(line);
  return found !== null && found[1]!.length === column ? found[2]! : null;
}

function keyed(typed: string, all: readonly string[]): Offers | null {
  return made(typed, all, 'key');
}

function named(typed: string, all: readonly string[]): Offers | null {
  return made(typed, all, 'name');
}

function made(typed: string, all: readonly string[], kind: Offer['kind']): Offers | null {
  const labels = [...new Set(all)];
  return labels.length === 0
    ? null
    : { length: typed.length, offers: labels.map((label) => ({ label, kind })) };
}
