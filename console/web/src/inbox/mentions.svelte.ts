/** The notes that call oneself: how many one has not seen, in which talks, and their list. */

import type { Mention } from '../desk/rows';
import { place } from '../state/place.svelte';
import { api } from '../state/session.svelte';
import { Latest } from './latest';
import { withLooked } from './looked';

interface MentionPage {
  items: Mention[];
  next: string | null;
  unseen: number;
}

const PAGE = 50;
const MOST = 200;
const PAUSE_MS = 400;

class Mentions {
  unseen = $state(0);
  isUnseenOnly = $state(false);
  items: Mention[] = $state.raw([]);
  next: string | null = $state(null);
  state: 'loading' | 'ready' | 'failed' = $state('loading');
  isLoadingMore = $state(false);
}

export const mentions = new Mentions();
const lists = new Latest();
/** Talks that were looked at while the list is there: their rows stay until one leaves it. */
const looked = new Set<string>();
/** Talks in which something calls oneself that one has not seen. */
let unseenTalks = new Set<string>();

const ask = (more: Record<string, string>) => {
  const query = new URLSearchParams(more);
  if (place.account !== null) query.set('account', place.account);
  return api.call<MentionPage>('GET', `/me/mentions?${query}`);
};

/** The list from its beginning, as far down as it was shown. */
export async function loadMentions(isAnew: boolean): Promise<void> {
  const isMine = lists.begin();
  if (isAnew) {
    looked.clear();
    Object.assign(mentions, { items: [], next: null, state: 'loading' });
  }
  const limit = Math.min(MOST, Math.max(PAGE, mentions.items.length));
  try {
    const page = await ask({ limit: String(limit), ...onlyUnseen() });
    if (!isMine()) return;
    const items = mentions.isUnseenOnly
      ? withLooked(page.items, mentions.items, looked)
      : page.items;
    Object.assign(mentions, { items, next: page.next, state: 'ready' });
  } catch {
    if (isMine() && mentions.state === 'loading') mentions.state = 'failed';
  }
}

export async function loadMoreMentions(): Promise<void> {
  const { next } = mentions;
  if (next === null || mentions.isLoadingMore) return;
  const isMine = lists.begin();
  mentions.isLoadingMore = true;
  try {
    const page = await ask({ limit: String(PAGE), cursor: next, ...onlyUnseen() });
    if (!isMine()) return;
    const known = new Set(mentions.items.map((one) => one.id));
    mentions.items = [...mentions.items, ...page.items.filter((one) => !known.has(one.id))];
    mentions.next = page.next;
  } finally {
    mentions.isLoadingMore = false;
  }
}

/** One looks at a talk: what calls oneself there is seen. */
export function seeMentions(talk: string): void {
  if (!unseenTalks.delete(talk)) return;
  looked.add(talk);
  void see({ conversation_id: talk });
}

/** Its words are gone: it stands nowhere any more. */
export function forgetMention(note: string): void {
  mentions.items = mentions.items.filter((one) => one.id !== note);
}

/** All that the list can show: of the chosen account, where one is chosen. */
export const seeAllMentions = (): Promise<void> =>
  see(place.account === null ? {} : { account: place.account });

async function see(which: { conversation_id?: string; account?: string }): Promise<void> {
  const isDone = await api.call('POST', '/me/mentions/seen', which).then(
    () => true,
    () => false, // the next look tries again
  );
  if (isDone) await refresh();
}

let counting: ReturnType<typeof setTimeout> | null = null;

/** A note was written or changed, or another page has looked: count anew, soon. */
export function refreshMentions(): void {
  counting ??= setTimeout(() => {
    counting = null;
    void refresh();
  }, PAUSE_MS);
}

async function refresh(): Promise<void> {
  const page = await ask({ unseen: 'yes', limit: String(MOST) }).catch(() => null);
  if (page === null) return; // the next change asks again
  mentions.unseen = page.unseen;
  unseenTalks = new Set(page.items.map((one) => one.conversation_id));
  if (place.mentions) await loadMentions(false);
  if (place.talk !== null && document.visibilityState === 'visible') seeMentions(place.talk);
}

const onlyUnseen = (): Record<string, string> => (mentions.isUnseenOnly ? { unseen: 'yes' } : {});
