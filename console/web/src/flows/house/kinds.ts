/** Which files have a form of their own, by where they stand; the others are text alone. */

const BY_NAME: Record<string, string> = {
  'tags.yaml': 'tags',
  'fields.yaml': 'fields',
  'links.yaml': 'links',
  'queues.yaml': 'queues',
};

export function formKind(file: string): string | null {
  if (/^faq\/[^/]+$/.test(file)) return 'faq';
  if (/^calendars\/[^/]+$/.test(file)) return 'calendar';
  return BY_NAME[file] ?? null;
}
