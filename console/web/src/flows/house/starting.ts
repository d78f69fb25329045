/** New files of the house: what they may be called, and how they begin. */

export const SINGLE = ['tags.yaml', 'fields.yaml', 'queues.yaml', 'links.yaml'] as const;
export type NewKind = 'faq' | 'calendar' | (typeof SINGLE)[number];
const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** The kinds of which the folder may have one more. */
export function kindsLeft(files: string[]): NewKind[] {
  return ['faq', 'calendar', ...SINGLE.filter((file) => !files.includes(file))];
}

export const needsName = (kind: NewKind) => kind === 'faq' || kind === 'calendar';

export function fileOf(kind: NewKind, name: string): string {
  if (kind === 'faq') return `faq/${name}.yaml`;
  return kind === 'calendar' ? `calendars/${name}.yaml` : kind;
}

export type NameWrong = 'bad' | 'taken' | null;

export function checkName(kind: NewKind, name: string, files: string[]): NameWrong {
  if (needsName(kind) && !NAME.test(name)) return 'bad';
  return files.includes(fileOf(kind, name)) ? 'taken' : null;
}

/** A file that loads and says nothing yet. */
export function beginning(kind: NewKind, name: string, title: string): string {
  const lines: Record<NewKind, string[]> = {
    faq: [`faq: ${name}`, `title: ${title}`, 'entries: []'],
    calendar: [
      'timezone: Asia/Tokyo',
      'weekly: {mon-fri: 10:00-19:00, sat-sun: closed}',
      'holidays: {japan: closed}',
      'exceptions: {}',
    ],
    'tags.yaml': ['tags: []'],
    'fields.yaml': ['fields: {}'],
    'queues.yaml': ['queues: [受付]'],
    'links.yaml': ['links: {}'],
  };
  return [...lines[kind], ''].join('\n');
}
