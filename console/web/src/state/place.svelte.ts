/** Where the operator is, as the address bar has it: a list and perhaps a talk, or another room. */

import { filterIn, wordsOf } from '../desk/filters';
import type { Filter } from '../desk/views';

export const PEOPLE_ROOMS = ['staff', 'audit', 'me', 'desk-rules', 'notices'] as const;
export type PeopleRoom = (typeof PEOPLE_ROOMS)[number];
export const WATCH_ROOMS = ['watch', 'wall', 'reports'] as const;
export type WatchRoom = (typeof WATCH_ROOMS)[number];

export interface Place extends Filter {
  room: 'inbox' | 'flows' | 'broadcasts' | PeopleRoom | WatchRoom;
  /** What is open in its room: a file among the flows, or a broadcast. */
  file: string | null;
  talk: string | null;
  /** The line of the talk, and the note, that somebody came for. */
  seq: number | null;
  note: string | null;
  q: string;
  /** The saved view that the list was opened by. */
  saved: string | null;
  /** In the place of the list: the notes that call oneself. */
  mentions: boolean;
}

export const place: Place = $state(parsePlace(location.pathname, location.search));

/** How often somebody went to a line: to the same one again, too. */
export const jumps = $state({ count: 0 });

/** Go there; the browser's back leads back, but not through every letter of a search. */
export function go(asked: Partial<Place>): void {
  // A line belongs to its talk.
  const change = 'talk' in asked ? { seq: null, note: null, ...asked } : asked;
  const address = addressOf({ ...place, ...change });
  const isSearch = place.q !== '' && Object.keys(change).join() === 'q';
  if (isSearch) history.replaceState(null, '', address);
  else if (address !== location.pathname + location.search) history.pushState(null, '', address);
  Object.assign(place, change);
  if (change.seq) jumps.count += 1;
}

/** Follow the browser's back and forward. */
export function followHistory(): () => void {
  const follow = () => Object.assign(place, parsePlace(location.pathname, location.search));
  addEventListener('popstate', follow);
  return () => removeEventListener('popstate', follow);
}

export function parsePlace(path: string, search: string): Place {
  const asked = new URLSearchParams(search);
  const talk = /^\/talks\/([^/]+)$/.exec(path)?.[1];
  const [, held, file] = /^\/(flows|broadcasts)(?:\/(.+))?$/.exec(path) ?? [];
  return {
    room: held === undefined ? (otherRoom(path) ?? 'inbox') : (held as Place['room']),
    file: file === undefined ? null : decoded(file),
    ...filterIn(asked),
    saved: asked.get('saved'),
    mentions: asked.get('mentions') === '1',
    q: asked.get('q') ?? '',
    talk: talk === undefined ? null : decoded(talk),
    seq: Number.parseInt(asked.get('seq') ?? '', 10) || null,
    note: asked.get('note'),
  };
}

/** An address cut off in the middle of a letter leads to what is not there, not to a blank page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function addressOf(to: Place): string {
  if (to.room === 'flows' || to.room === 'broadcasts') return heldAddress(to.room, to.file);
  if (to.room !== 'inbox') return `/${to.room}`;
  const line = to.talk === null ? {} : { seq: to.seq, note: to.note };
  return pathOf(to.talk) + searchOf(to, line);
}

/** A talk of the list as it is: all rows of it share one search, which no talk changes. */
const listSearch = $derived(searchOf(place));
export const rowAddress = (talk: string): string => pathOf(talk) + listSearch;

const pathOf = (talk: string | null) =>
  talk === null ? '/' : `/talks/${encodeURIComponent(talk)}`;

function searchOf(list: Place, line: Record<string, unknown> = {}): string {
  const mentions = list.mentions ? '1' : null;
  const more = Object.entries({ saved: list.saved, mentions, q: list.q, ...line }).flatMap(
    ([key, value]): [string, string][] => (value ? [[key, String(value)]] : []),
  );
  const given = [...wordsOf(list), ...more];
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

function otherRoom(path: string): PeopleRoom | WatchRoom | undefined {
  return [...PEOPLE_ROOMS, ...WATCH_ROOMS].find((room) => path === `/${room}`);
}

function heldAddress(room: string, file: string | null): string {
  return file === null ? `/${room}` : `/${room}/${file.split('/').map(encodeURIComponent).join('/')}`;
}
