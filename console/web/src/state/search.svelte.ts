/** The search: what was found for the place's words, group by group, page by page. */

import { Refusal } from '../desk/api';
import { browserBox } from '../desk/box';
import type { SearchHit } from '../desk/rows';
import { HIT_KINDS, RecentSearches, type HitKind } from '../desk/search';
import { place } from './place.svelte';
import { api, signed } from './session.svelte';

interface Group {
  items: SearchHit[];
  next: string | null;
  isLoading: boolean;
}

const FIRST_PAGE: Record<HitKind, number> = { customers: 5, messages: 20, notes: 5 };
const NEXT_PAGE = 20;
// A page may be empty and yet not the last: the server looks through so many texts at a time.
const MOST_EMPTY_PAGES = 20;
const noGroup = (): Group => ({ items: [], next: null, isLoading: false });

class Search {
  state: 'loading' | 'ready' | 'short' | 'failed' = $state('loading');
  /** What the server said to one who searches too fast. */
  why: string | null = $state(null);
  groups: Record<HitKind, Group> = $state({
    customers: noGroup(),
    messages: noGroup(),
    notes: noGroup(),
  });
  recent: string[] = $state([]);

  get isEmpty(): boolean {
    return HIT_KINDS.every((kind) => this.groups[kind].items.length === 0);
  }
}

export const search = new Search();
let asked = 0;

/** Search for the place's words, in all groups at once. */
export async function findAll(): Promise<void> {
  asked += 1;
  const mine = asked;
  search.state = 'loading';
  try {
    const groups = await Promise.all(HIT_KINDS.map((kind) => readPage(kind, null, () => mine === asked)));
    if (mine !== asked) return;
    HIT_KINDS.forEach((kind, index) => (search.groups[kind] = groups[index]!));
    search.state = 'ready';
  } catch (error) {
    const isShort = error instanceof Refusal && error.code === 'too_short';
    if (mine !== asked) return;
    search.state = isShort ? 'short' : 'failed';
    search.why = error instanceof Refusal && error.status === 429 ? error.message : null;
  }
}

/** The next page of one group. */
export async function findMore(kind: HitKind): Promise<void> {
  const group = search.groups[kind];
  if (group.next === null || group.isLoading) return;
  const mine = asked;
  group.isLoading = true;
  try {
    const page = await readPage(kind, group.next, () => mine === asked);
    if (mine === asked) search.groups[kind] = { ...page, items: [...group.items, ...page.items] };
  } finally {
    group.isLoading = false;
  }
}

/** What is searched for was of use: it is offered again. */
export function remember(text: string): void {
  recentOnes().add(text);
  showRecent();
}

export function forgetSearches(): void {
  recentOnes().clear();
  showRecent();
}

export function showRecent(): void {
  search.recent = recentOnes().list();
}

const recentOnes = () => new RecentSearches(browserBox, signed.me);

async function readPage(
  kind: HitKind,
  after: string | null,
  isWanted: () => boolean,
): Promise<Group> {
  const { q, account } = place;
  const limit = after === null ? FIRST_PAGE[kind] : NEXT_PAGE;
  let page = await api.search({ q, kind, account, after, limit });
  for (let n = 0; n < MOST_EMPTY_PAGES && isWanted(); n += 1) {
    if (page.items.length > 0 || page.next === null) break;
    page = await api.search({ q, kind, account, after: page.next, limit });
  }
  return { items: page.items, next: page.next, isLoading: false };
}
