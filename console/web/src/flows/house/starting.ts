/** New files of the house: what they may be called, and how they begin. */

export const SINGLE = ['tags.yaml', 'fields.yaml', 'queues.yaml', 'links.yaml'] as const;
export type NewKind = 'faq' | 'flex' | 'calendar' | (typeof SINGLE)[number];
const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** The kinds of which the folder may have one more. */
export function kindsLeft(files: string[]): NewKind[] {
  return ['faq', 'flex', 'calendar', ...SINGLE.filter((file) => !files.includes(file))];
}

const FOLDERS: Partial<Record<NewKind, string>> = { faq: 'faq', flex: 'flex', calendar: 'calendars' };

export const needsName = (kind: NewKind) => FOLDERS[kind] !== undefined;

export function fileOf(kind: NewKind, name: string): string {
  return needsName(kind) ? `${FOLDERS[kind]}/${name}.yaml` : kind;
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
    flex: [
      `flex: ${name}`,
      `alt: ${title}`,
      'contents: {',
      '  "type": "bubble",',
      '  "body": {"type": "box", "layout": "vertical", "contents": [',
      `    {"type": "text", "text": "${title}", "weight": "bold", "size": "lg", "wrap": true}`,
      '  ]}',
      '}',
    ],
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
