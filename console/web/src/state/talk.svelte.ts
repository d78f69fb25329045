/** The open talk: loading it, its earlier lines, and the staff's mark of what was seen. */

import { Refusal, type LinePage, type Side, type WholeTalk } from '../desk/api';
import { putPage } from '../desk/errands';
import { placeOf } from '../desk/shelf';
import { meetDrafts, openDrafts } from '../drafting/drafting.svelte';
import { errands } from './bringing';
import { afterPaint } from './painted';
import { place } from './place.svelte';
import { api, signed } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';
import { looksSilently } from './silent';

type Loading = 'loading' | 'ready' | 'missing' | 'failed';

const SEEN_PAUSE_MS = 600;

class OpenTalk {
  loading: Loading = $state('loading');
  isLoadingPage = $state(false);
}

export const openTalk = new OpenTalk();
let opening = 0;

/** Show a talk: at once when it was loaded before, since the feed has kept it whole. */
export async function showTalk(id: string): Promise<void> {
  unseen.delete(id);
  shelf().lookedAt(id);
  if (!shelf().talks.get(id)?.isLoaded) return reopenTalk(id);
  opening += 1; // what was to be shown before is not waited for any more
  openTalk.loading = 'ready';
  afterPaint(() => void openDrafts(id));
}

/** Load a talk from the server. */
export async function reopenTalk(id: string): Promise<void> {
  opening += 1;
  const mine = opening;
  openTalk.loading = 'loading';
  let loading: Loading = 'ready';
  try {
    const told = await errands.bring(id);
    if (mine === opening) meetDrafts(id, told.drafts);
  } catch (error) {
    loading = error instanceof Refusal && error.status === 404 ? 'missing' : 'failed';
  }
  if (mine === opening) openTalk.loading = loading;
}

/** A talk that could not be loaded when it was opened has come all the same: it was pointed at. */
export function cameAfterAll(id: string, told: WholeTalk): void {
  if (place.talk !== id || openTalk.loading !== 'failed') return;
  openTalk.loading = 'ready';
  meetDrafts(id, told.drafts);
}

/** At most so many lines of a talk are kept and drawn: those at its far end are let go. */
const MOST_LINES = 300;

/** Load the page before what is kept. */
export async function loadOlder(id: string, onArrival: () => void): Promise<void> {
  const talk = shelf().talks.get(id);
  if (talk === undefined || !talk.hasOlder || openTalk.isLoadingPage) return;
  await loadPage(id, { before: talk.from }, 'newest', onArrival);
}

/** Load the page after what is kept. */
export async function loadNewer(id: string, onArrival: () => void): Promise<void> {
  const to = shelf().talks.get(id)?.to ?? null;
  if (to === null || openTalk.isLoadingPage) return;
  await loadPage(id, { after: to }, 'oldest', onArrival);
}

/** Load the lines around one of them. */
export const loadAround = (id: string, seq: number): Promise<void> =>
  loadPage(id, { around: seq }, seq > (shelf().talks.get(id)?.from ?? 0) ? 'oldest' : 'newest');

/** Load the talk's end. */
export const loadNewest = (id: string): Promise<void> => loadPage(id, {}, 'oldest');

/** Whoever follows a talk at its end needs no more than its last lines. */
export function letOldGo(id: string): void {
  const size = shelf().talks.get(id)?.messages.size ?? 0;
  if (size > MOST_LINES) shelve((rows) => rows.trim(id, MOST_LINES, 'oldest'));
}

let last: Promise<unknown> = Promise.resolve();

/** One page after the other. onArrival: just before the rows change. */
function loadPage(
  id: string,
  side: Side,
  letGo: 'oldest' | 'newest',
  onArrival: () => void = () => undefined,
): Promise<void> {
  const mine = last.then(() => bringPage(id, side, letGo, onArrival));
  last = mine.catch(() => undefined);
  return mine;
}

async function bringPage(
  id: string,
  side: Side,
  letGo: 'oldest' | 'newest',
  onArrival: () => void,
): Promise<void> {
  openTalk.isLoadingPage = true;
  try {
    const page = await api.messages(id, side);
    const account = shelf().conversations.get(id)?.account;
    onArrival();
    shelve((rows) => {
      putPage(rows, id, page, account);
      rows.trim(id, MOST_LINES, letGo);
    });
  } finally {
    openTalk.isLoadingPage = false;
  }
}

const asked = new Set<string>();

/** Load a line that another one quotes, once. */
export function loadQuoted(id: string, seq: number): void {
  const key = `${id}/${seq}`;
  if (asked.has(key) || shelf().talks.get(id)?.quoted.has(seq)) return;
  asked.add(key);
  const put = (page: LinePage) => {
    const account = shelf().conversations.get(id)?.account;
    const line = page.items[0];
    if (line?.seq === seq) shelve((rows) => rows.putQuoted(line, placeOf(page.at, account)));
  };
  api
    .messages(id, { after: seq - 1 }, 1)
    .then(put, () => undefined) // whoever looks again asks again
    .finally(() => asked.delete(key));
}

const seeing = new Set<string>();
/** Talks that somebody here put back to unseen: looking does not undo it until they open it anew. */
const unseen = new Set<string>();

export function keepUnseen(id: string): void {
  unseen.add(id);
}

/** The operator looks at the newest line: the staff have seen it. */
export function markSeen(id: string): void {
  if (!signed.mayAnswer || looksSilently()) return;
  if (seeing.has(id) || unseen.has(id)) return;
  seeing.add(id);
  setTimeout(() => {
    seeing.delete(id);
    const row = shelf().conversations.get(id);
    if (row === undefined || row.unseen_count === 0 || !document.hasFocus()) return;
    if (unseen.has(id) || place.talk !== id || looksSilently()) return;
    api.seen(id, row.last_seq).then(
      (told) => shelve((rows) => rows.putConversation(told)),
      () => null, // the mark stays; the next look tries again
    );
  }, SEEN_PAUSE_MS);
}

/** By hand: all of it is seen, whatever was put back before. */
export async function seeNow(id: string): Promise<void> {
  const row = shelf().conversations.get(id);
  if (row === undefined) return;
  unseen.delete(id);
  const told = await api.seen(id, row.last_seq);
  shelve((rows) => rows.putConversation(told));
}
