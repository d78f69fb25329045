/** The list in the middle: pages of the server, kept live by the same rule. */

import { filterOf, wordsOf } from '../desk/filters';
import { LiveList, type Rule } from '../desk/livelist';
import type { At, Conversation, Counts, Page } from '../desk/rows';
import { belongs, orderOf } from '../desk/views';
import { loadDrafting } from '../drafting/drafting.svelte';
import { standing, withPage } from '../inbox/holding';
import { refreshSaved } from '../inbox/saved.svelte';
import { errands } from './bringing';
import { now } from './now.svelte';
import { place } from './place.svelte';
import { api, signed } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';
import { reopenTalk } from './talk.svelte';

const COUNTS_PAUSE_MS = 400;
const MINUTE_MS = 60_000;
const FIRST_PAGE = 50;
const NEXT_PAGE = 200;

/** A list of who has waited long grows by itself: it is looked at once a minute. */
const minute = $derived(place.waited === null ? 0 : Math.floor(now() / MINUTE_MS) * MINUTE_MS);

const rule = $derived.by((): Rule => {
  const [filter, me, at] = [filterOf(place), signed.me, minute];
  return {
    key: JSON.stringify([filter, me, at]),
    belongs: (row) => belongs(row, filter, me, at),
    order: orderOf(filter.sort),
  };
});
const following = new LiveList();
const all = $derived(following.of(shelf().conversations, rule));
const listedIds = $derived.by(() => new Set(inbox.listed));
const live = $derived.by(() => (inbox.next === null ? all : upToLast(all)));
const liveIds = $derived(live.map((row) => row.id));

/** Beyond the last page there may be others between; those are not shown out of their order. */
function upToLast(rows: readonly Conversation[]): readonly Conversation[] {
  const last = rows.findLastIndex((row) => listedIds.has(row.id));
  return last < 0 ? rows : rows.slice(0, last + 1);
}

class Inbox {
  /** What the server listed for the place; null while it is asked. */
  listed: string[] | null = $state.raw(null);
  next: string | null = $state(null);
  hasFailed = $state(false);
  isLoadingMore = $state(false);
  counts: Counts = $state({ views: {}, queues: {} });
  #held: readonly string[] | null = $state.raw(null);
  #standing = $derived(standing(liveIds, this.#held));

  /** The talks of the list as it is now, in order. */
  get rows(): readonly Conversation[] {
    return live;
  }

  get ids(): readonly string[] {
    return liveIds;
  }

  /** The same as it is shown: while somebody points at it, it stands still. */
  get shownIds(): readonly string[] {
    return this.#standing.ids;
  }

  /** How much has changed since it stands still. */
  get fresh(): number {
    return this.#standing.fresh;
  }

  /** Stand still. */
  hold(): void {
    this.#held ??= liveIds;
  }

  /** Show it as it is. */
  release(): void {
    this.#held = null;
  }

  /** What was loaded below comes in below. */
  extend(): void {
    if (this.#held !== null) this.#held = withPage(this.#held, liveIds);
  }
}

export const inbox = new Inbox();
let asked = 0;

async function listPage(cursor: string | null): Promise<Page<Conversation>> {
  const more = { limit: String(cursor === null ? FIRST_PAGE : NEXT_PAGE) };
  const words = [...wordsOf(place), ...Object.entries(cursor === null ? more : { ...more, cursor })];
  const query = new URLSearchParams([['view', place.view], ...words.filter(([name]) => name !== 'view')]);
  return api.call<Page<Conversation>>('GET', `/conversations?${query}`);
}

/** Load the list of the place anew. Answers where the streams were. */
export async function loadList(): Promise<At> {
  asked += 1;
  const mine = asked;
  inbox.release();
  inbox.listed = null;
  inbox.next = null;
  inbox.hasFailed = false;
  try {
    const page = await listPage(null);
    shelve((rows) => page.items.forEach((row) => rows.putConversation(row)));
    if (mine === asked) {
      inbox.listed = page.items.map((row) => row.id);
      inbox.next = page.next;
    }
    return page.at;
  } catch (error) {
    if (mine === asked) inbox.hasFailed = true;
    throw error;
  }
}

/** The next page; two that are asked for at once are one. */
export async function loadMore(): Promise<void> {
  loading ??= nextPage().finally(() => (loading = null));
  await loading;
}

let loading: Promise<void> | null = null;

async function nextPage(): Promise<void> {
  if (inbox.next === null) return;
  const mine = asked;
  inbox.isLoadingMore = true;
  try {
    const page = await listPage(inbox.next);
    if (mine !== asked) return;
    shelve((rows) => page.items.forEach((row) => rows.putConversation(row)));
    inbox.listed = [...(inbox.listed ?? []), ...page.items.map((row) => row.id)];
    inbox.next = page.next;
    inbox.extend();
  } finally {
    inbox.isLoadingMore = false;
  }
}

/** The snapshot: at the start, and whenever a stream cannot be followed any more. */
export async function loadEverything(): Promise<At> {
  shelve((rows) => rows.clear());
  errands.begin();
  const talk = place.talk === null ? null : reopenTalk(place.talk);
  const [at] = await Promise.all([loadList(), loadDrafting()]);
  refreshCounts();
  await talk;
  return errands.placeFor(at); // talks were read before the list, or beside it
}

let counting: ReturnType<typeof setTimeout> | null = null;

/** Ask for the counts soon; many changes ask once. */
export function refreshCounts(): void {
  refreshSaved();
  if (counting !== null) return;
  counting = setTimeout(() => {
    counting = null;
    api.counts(place.account).then(
      (counts) => (inbox.counts = counts),
      () => null, // the next change asks again
    );
  }, COUNTS_PAUSE_MS);
}
