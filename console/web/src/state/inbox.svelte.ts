/** The list in the middle: pages of the server, kept live by the same rule. */

import type { At, Conversation, Counts } from '../desk/rows';
import { belongs, byWait } from '../desk/views';
import { loadDrafting } from '../drafting/drafting.svelte';
import { place } from './place.svelte';
import { api, signed } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';
import { reopenTalk } from './talk.svelte';

const COUNTS_PAUSE_MS = 400;

class Inbox {
  /** What the server listed for the place; null while it is asked. */
  listed: string[] | null = $state(null);
  next: string | null = $state(null);
  hasFailed = $state(false);
  counts: Counts = $state({ views: {}, queues: {} });

  /** The talks to show, in order. */
  get rows(): Conversation[] {
    const all = shelf().conversations;
    const rows = [...all.values()].filter((row) => belongs(row, place, signed.me)).sort(byWait);
    return this.next === null ? rows : this.#upToLast(rows);
  }

  /** Beyond the last page there may be others between; those are not shown out of their order. */
  #upToLast(rows: Conversation[]): Conversation[] {
    const listed = new Set(this.listed);
    const last = rows.findLastIndex((row) => listed.has(row.id));
    return last < 0 ? rows : rows.slice(0, last + 1);
  }
}

export const inbox = new Inbox();
let asked = 0;

function listQuery() {
  const { view, account, queue, tag } = place;
  return { view, account, queue, tag };
}

/** Load the list of the place anew. Answers where the streams were. */
export async function loadList(): Promise<At> {
  asked += 1;
  const mine = asked;
  inbox.listed = null;
  inbox.hasFailed = false;
  try {
    const page = await api.list(listQuery());
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

export async function loadMore(): Promise<void> {
  if (inbox.next === null) return;
  const mine = asked;
  const page = await api.list({ ...listQuery(), cursor: inbox.next });
  if (mine !== asked) return;
  shelve((rows) => page.items.forEach((row) => rows.putConversation(row)));
  inbox.listed = [...(inbox.listed ?? []), ...page.items.map((row) => row.id)];
  inbox.next = page.next;
}

/** The snapshot: at the start, and whenever a stream cannot be followed any more. */
export async function loadEverything(): Promise<At> {
  shelve((rows) => rows.clear());
  const talk = place.talk === null ? null : reopenTalk(place.talk);
  const [at] = await Promise.all([loadList(), loadDrafting()]);
  refreshCounts();
  await talk;
  return at;
}

let counting: ReturnType<typeof setTimeout> | null = null;

/** Ask for the counts soon; many changes ask once. */
export function refreshCounts(): void {
  if (counting !== null) return;
  counting = setTimeout(() => {
    counting = null;
    api.counts(place.account).then(
      (counts) => (inbox.counts = counts),
      () => null, // the next change asks again
    );
  }, COUNTS_PAUSE_MS);
}
