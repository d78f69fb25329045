/**
 * Who is to be told of a journal entry, and by which means: the twin of storage/notice_rules.py,
 * which says why. Cases that both must decide alike are in tests/fixtures/notice-cases.json.
 */

import type { Conversation, Entry, Message, Note, Payload } from '../desk/rows';

export const OCCASIONS = [
  'reply',
  'unassigned',
  'handoff',
  'mention',
  'assigned',
  'woken',
  'at_risk',
  'breached',
  'failed',
  'notice',
] as const;
export const CHANNELS = ['toast', 'sound', 'desktop', 'line'] as const;
export type Occasion = (typeof OCCASIONS)[number];
export type Channel = (typeof CHANNELS)[number];
export type Means = Record<Channel, boolean>;
export type Matrix = Partial<Record<Occasion, Means>>;

export interface Quiet {
  is_on: boolean;
  /** 0 is Monday: the days on which the quiet begins. */
  days: number[];
  begins: string;
  ends: string;
}

export interface Notices {
  matrix: Matrix;
  accounts: Record<string, { mode: 'own' | 'off'; matrix: Matrix }>;
  quiet: Quiet;
  sound: { name: SoundName; volume: number };
  desktop_with_text: boolean;
  line_with_text: boolean;
  line_daily_cap: number;
}

export type SoundName = 'bell' | 'wood' | 'two' | 'off';

export interface Person {
  id: string;
  name: string;
  /** null: every one. */
  queues: string[] | null;
  accounts: string[] | null;
  house_queues: string[];
}

/** What a person knows of a talk; moments are milliseconds. */
export interface Told {
  isLooking: boolean;
  lookedAt: number | null;
  toldAt: Partial<Record<Occasion, number>>;
}

export interface Decision {
  occasion: Occasion;
  wanted: Channel[];
  channels: Channel[];
  isQuiet: boolean;
}

const FAILED = new Set(['rejected', 'unknown', 'maybe_sent']);
const UNHELD = new Set(['bot', 'done']);
const NO_WORDS = new Set(['follow', 'unfollow']);
const REMIND_AFTER_MS = 30 * 60_000;
const COOL_DOWN_MS = 60_000;
const STALE_AFTER_MS = 10 * 60_000;

const by = (...channels: Channel[]): Means =>
  Object.fromEntries(CHANNELS.map((one) => [one, channels.includes(one)])) as Means;

export const AT_FIRST: Notices = {
  matrix: {
    reply: by('toast', 'sound', 'desktop'),
    unassigned: by('toast', 'sound'),
    handoff: by('toast', 'sound', 'desktop'),
    mention: by('toast', 'sound', 'desktop'),
    assigned: by('toast', 'sound', 'desktop'),
    woken: by('toast', 'desktop'),
    at_risk: by('toast'),
    breached: by('toast', 'sound', 'desktop'),
    failed: by('toast', 'sound'),
    notice: by('toast'),
  },
  accounts: {},
  quiet: { is_on: false, days: [0, 1, 2, 3, 4, 5, 6], begins: '21:00', ends: '09:00' },
  sound: { name: 'bell', volume: 60 },
  desktop_with_text: false,
  line_with_text: false,
  line_daily_cap: 20,
};

/** null: it does not concern them, or they want to hear nothing of the kind. */
export function decide(
  entry: Entry,
  person: Person,
  rules: Notices,
  told: Told,
  now: number,
  zone: string,
): Decision | null {
  const occasion = occasionOf(entry, person);
  if (occasion === null || (told.isLooking && occasion !== 'notice')) return null;
  const means = matrixOf(rules, entry.account)[occasion];
  const wanted = CHANNELS.filter((channel) => means?.[channel]);
  if (wanted.length === 0) return null;
  const quiet = isQuiet(rules.quiet, now, zone);
  const isStale = now - Date.parse(entry.at) > STALE_AFTER_MS;
  const isHeld = quiet || isStale || isTold(occasion, told, now);
  return { occasion, wanted, channels: isHeld ? [] : wanted, isQuiet: quiet };
}

/** What an entry is to a person, if anything. */
export function occasionOf(entry: Entry, person: Person): Occasion | null {
  if (person.accounts !== null && !person.accounts.includes(entry.account)) return null;
  if (entry.actor.kind === 'operator' && entry.actor.id === person.id) return null;
  const { notice, conversation } = entry.payload;
  if (entry.kind === 'notice') return notice && isNamed(notice.to, person) ? 'notice' : null;
  if (conversation?.of_operator) return null;
  return ofTalk(entry, conversation, person);
}

function ofTalk(entry: Entry, talk: Conversation | undefined, person: Person): Occasion | null {
  const { kind, payload } = entry;
  if (kind === 'message.delivery') return isOwnFailure(payload.message, person) ? 'failed' : null;
  if (kind === 'note.added' || kind === 'note.edited')
    return calledIn(payload).includes(person.id) ? 'mention' : null;
  if (talk === undefined) return null;
  if (kind === 'handoff.asked' || kind === 'handoff.due') {
    const isLater = kind === 'handoff.asked' && payload.handoff?.notify_at != null;
    const isMine = talk.assignee_id === null && serves(person, payload.handoff?.queue ?? null);
    return isMine && !isLater ? 'handoff' : null;
  }
  return ofStanding(entry, talk, person);
}

function ofStanding({ kind, payload }: Entry, talk: Conversation, person: Person): Occasion | null {
  const isMine = talk.assignee_id === person.id && !UNHELD.has(talk.status);
  const isNobodys = talk.assignee_id === null && serves(person, talk.queue);
  const isUnassigned = isNobodys && isWaiting(talk);
  switch (kind) {
    case 'message.received': {
      const line = [payload.message ?? []].flat()[0];
      return isMine && !NO_WORDS.has(line?.kind ?? '') ? 'reply' : null;
    }
    case 'conversation.waiting':
    case 'conversation.trouble':
      return isMine ? 'reply' : isUnassigned ? 'unassigned' : null;
    case 'conversation.assigned':
      return isMine ? 'assigned' : isUnassigned ? 'unassigned' : null;
    case 'conversation.woken':
      return isMine || isNobodys ? 'woken' : null;
    case 'conversation.at_risk':
      return isMine || isNobodys ? 'at_risk' : null;
    case 'conversation.breached':
      return isMine || isNobodys ? 'breached' : null;
    default:
      return null;
  }
}

/** Whether a talk asks for somebody still. */
export const isWaiting = ({ assignee_id, status }: Conversation): boolean =>
  assignee_id === null && status === 'waiting';

/** Whether nothing may ring now. Hours that cross midnight belong to the day they begin on. */
export function isQuiet(quiet: Quiet, now: number, zone: string): boolean {
  if (!quiet.is_on) return false;
  const { day, minute } = localTime(now, zone);
  const [begins, ends] = [minuteOf(quiet.begins), minuteOf(quiet.ends)];
  if (begins < ends) return quiet.days.includes(day) && begins <= minute && minute < ends;
  const isEvening = quiet.days.includes(day) && minute >= begins;
  return isEvening || (quiet.days.includes((day + 6) % 7) && minute < ends);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function localTime(now: number, zone: string): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(now).map((one) => [one.type, one.value]));
  return {
    day: WEEKDAYS.indexOf(parts.weekday ?? ''),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

function minuteOf(clock: string): number {
  const [hour, minute] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}

function matrixOf(rules: Notices, account: string): Matrix {
  const own = rules.accounts[account];
  if (own === undefined) return rules.matrix;
  return own.mode === 'own' ? own.matrix : {};
}

function isTold(occasion: Occasion, told: Told, now: number): boolean {
  const last = told.toldAt[occasion];
  if (last === undefined || occasion === 'notice') return false;
  if (now - last < COOL_DOWN_MS) return true;
  const hasLooked = told.lookedAt !== null && told.lookedAt >= last;
  return !hasLooked && now - last < REMIND_AFTER_MS;
}

function serves(person: Person, queue: string | null): boolean {
  return person.queues === null || queue === null || person.queues.includes(queue);
}

function isOwnFailure(message: Message | Message[] | undefined, person: Person): boolean {
  return [message ?? []]
    .flat()
    .some((line) => FAILED.has(line.delivery ?? '') && line.operator_id === person.id);
}

/** Whom a note calls; once it is edited, those alone whom it had not called before. */
function calledIn({ note, called }: Payload): readonly string[] {
  const { mentions, deleted_at } = (note ?? {}) as Partial<Note>;
  return deleted_at ? [] : (called?.to ?? mentions ?? []);
}

/** A flow's notice names people, or queues: then it is for everybody who serves one of them. */
function isNamed(to: string | string[], person: Person): boolean {
  const names = [person.id, person.name, ...(person.queues ?? person.house_queues)];
  return [to].flat().some((name) => names.includes(name));
}
