/**
 * What this page tells of the journal: a toast where one looks, a sound from one page alone, and
 * the list of what one missed. The rules are `rules.ts`; here is what they are asked.
 */

import { untrack } from 'svelte';
import type { Entry } from '../desk/rows';
import { forgetMention, refreshMentions, seeMentions } from '../inbox/mentions.svelte';
import { now } from '../state/now.svelte';
import { go, place } from '../state/place.svelte';
import { preferences } from '../state/preferences.svelte';
import { signed } from '../state/session.svelte';
import { answered, toast, type Spot } from '../state/toasts.svelte';
import { badge } from './badge';
import { calls } from './calls';
import { mode, renew, show } from './desktop';
import { leads, stand } from './leader';
import type { NoticePage, NoticeRow } from './rows';
import { AT_FIRST, decide, isQuiet, isWaiting, occasionOf, type Decision, type Person } from './rules';
import { maySound, play } from './sounds';
import { Memory } from './memory';
import { told, w } from './told_words';

const ASK_AFTER_MS = [600, 2500]; // the server reads the journal too: soon, and once more
const QUIET_LOOK_MS = 20_000;
const CHANNEL = 'madoguchi-notices';

class Bell {
  items: NoticeRow[] = $state([]);
  unseen = $state(0);
  /** A sound was due, and the browser wants a touch first. */
  wantsTouch = $state(false);

  take(page: NoticePage): void {
    this.items = page.items;
    this.unseen = page.unseen;
    badge(page.unseen);
  }
}

export const bell = new Bell();
const memory = new Memory();
let pages: BroadcastChannel | null = null;
/** Whether one looks at a talk in another page of this browser or elsewhere; set by the feed. */
let isElsewhere: (talk: string) => boolean = () => false;

export const rules = () => preferences.kept?.notices ?? AT_FIRST;

export function person(): Person {
  const { queues = null, accounts = null } = signed.session?.operator ?? {};
  return {
    id: signed.me,
    name: signed.name,
    queues,
    accounts,
    house_queues: signed.house.queues,
  };
}

/** The journal says something. */
export function hear(entry: Entry): void {
  const { conversation } = entry.payload;
  if (conversation && !isWaiting(conversation)) answered(conversation.id);
  if (entry.payload.note?.deleted_at) forgetMention(entry.payload.note.id);
  if (entry.payload.note) refreshMentions();
  if (occasionOf(entry, person()) === null) return;
  const talk = entry.conversation_id ?? null;
  const known = memory.of(talk, isLookingAt(talk));
  const decision = decide(entry, person(), rules(), known, now(), signed.house.timezone);
  if (decision === null) return;
  if (decision.channels.length > 0) memory.told(talk, decision.occasion, now());
  ring(entry, decision);
  reloadSoon();
}

/** The talk, and where a note stands in it. */
function spotOf(entry: Entry, occasion: Decision['occasion']): Spot | null {
  const { conversation_id: talk, payload: { note, conversation } } = entry;
  if (!talk) return null;
  const line = note && conversation ? { seq: conversation.last_seq, note: note.id } : null;
  return { talk, line, isAsking: occasion === 'handoff' || occasion === 'unassigned' };
}

function ring(entry: Entry, { occasion, channels }: Decision): void {
  const words = told(entry, occasion);
  if (channels.includes('toast') && document.visibilityState === 'visible')
    toast(words, occasion === 'failed', spotOf(entry, occasion));
  if (channels.includes('sound') && leads()) void sound();
  else if (channels.includes('sound') && !maySound()) bell.wantsTouch = true;
  if (channels.includes('desktop') && leads() && mode() === 'page')
    void show(shown(entry, occasion, words));
}

/** On the desktop others may look along: no name and no words, unless one wants them there. */
function shown(entry: Entry, occasion: Decision['occasion'], words: string) {
  const talk = entry.conversation_id ?? null;
  const last = entry.payload.conversation?.last_message?.text ?? '';
  const isOpen = rules().desktop_with_text;
  return {
    title: isOpen ? words : w(`occasion.${occasion}`),
    body: isOpen ? last.slice(0, 140) : '',
    url: talk === null ? '/' : `/talks/${talk}`,
    tag: talk ?? occasion,
  };
}

async function sound(): Promise<void> {
  const { name, volume } = rules().sound;
  const isHeard = await play(name, volume);
  if (!isHeard && name !== 'off' && volume > 0) bell.wantsTouch = true;
}

function isLookingAt(talk: string | null): boolean {
  if (talk === null) return false;
  const isHere = place.talk === talk && document.visibilityState === 'visible';
  return isHere || isElsewhere(talk);
}

/** One looks at a talk: what was told of it is seen. */
export function look(talk: string): void {
  memory.looked(talk, now());
  seeMentions(talk);
  pages?.postMessage({ looked: talk });
  const isNews = bell.items.some((one) => one.conversation_id === talk && one.seen_at === null);
  if (isNews) calls.seenTalk(talk).then(tellPages, () => null);
}

export async function seeAll(): Promise<void> {
  const newest = bell.items.reduce((most, one) => Math.max(most, one.id), 0);
  if (newest > 0) tellPages(await calls.seenAll(newest));
}

function tellPages(page: NoticePage): void {
  bell.take(page);
  pages?.postMessage({ changed: true });
}

export function reload(): void {
  refreshMentions();
  calls.list().then(
    (page) => {
      bell.take(page);
      lookHere(); // the server may have told of a talk before it heard that one is there
    },
    () => null, // the next entry asks again
  );
}

function lookHere(): void {
  if (place.talk !== null && document.visibilityState === 'visible') look(place.talk);
}

let asking: ReturnType<typeof setTimeout>[] = [];

function reloadSoon(): void {
  asking.forEach(clearTimeout);
  asking = ASK_AFTER_MS.map((after) => setTimeout(reload, after));
}

/** Begin to tell; answers how to end it. elsewhere: where the server says that one is present. */
export function begin(elsewhere: (talk: string) => boolean): () => void {
  isElsewhere = elsewhere;
  pages = new BroadcastChannel(CHANNEL);
  pages.onmessage = ({ data }: MessageEvent<{ looked?: string; changed?: boolean }>) => {
    if (data.looked) memory.looked(data.looked, now());
    if (data.changed) reload();
  };
  const stops = [stand(), followWorker(), followQuiet(), touched(), lookAgain()];
  reload();
  void renew().catch(() => null);
  return () => {
    stops.forEach((stop) => stop());
    asking.forEach(clearTimeout);
    pages?.close();
    pages = null;
    badge(0);
  };
}

/** A notice of the desktop was clicked: go where it leads, without loading the page anew. */
function followWorker(): () => void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const follow = ({ data }: MessageEvent<{ go?: string; pushed?: object }>) => {
    if (data.pushed) reloadSoon();
    if (!data.go) return;
    const talk = /^\/talks\/([^/]+)$/.exec(data.go)?.[1];
    if (talk !== undefined) go({ room: 'inbox', file: null, talk: decodeURIComponent(talk) });
    else if (data.go === '/notices') go({ room: 'notices', file: null, talk: null });
    else go({ room: 'inbox', file: null });
  };
  workers?.addEventListener('message', follow);
  return () => workers?.removeEventListener('message', follow);
}

/** When the quiet hours end, one line says how much there was. */
function followQuiet(): () => void {
  const quiet = () => isQuiet(rules().quiet, now(), signed.house.timezone);
  let was = quiet();
  const look = () => {
    const is = quiet();
    if (was && !is) void sumUp();
    was = is;
  };
  const timer = setInterval(() => untrack(look), QUIET_LOOK_MS);
  return () => clearInterval(timer);
}

async function sumUp(): Promise<void> {
  const page = await calls.list().catch(() => null);
  if (page === null) return;
  bell.take(page);
  const missed = page.items.filter((one) => one.is_quiet && one.seen_at === null);
  const count = missed.reduce((sum, one) => sum + one.count, 0);
  if (count > 0 && document.visibilityState === 'visible') toast(w('quiet.over', { count }));
}

function touched(): () => void {
  const touch = () => (bell.wantsTouch = false);
  addEventListener('pointerdown', touch);
  addEventListener('keydown', touch);
  return () => {
    removeEventListener('pointerdown', touch);
    removeEventListener('keydown', touch);
  };
}

/** Who comes back to the page looks at its talk, and at what was missed. */
function lookAgain(): () => void {
  const again = () => {
    if (document.visibilityState !== 'visible') return;
    lookHere();
    reload();
  };
  document.addEventListener('visibilitychange', again);
  return () => document.removeEventListener('visibilitychange', again);
}
