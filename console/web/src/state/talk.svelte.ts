/** The open talk: loading it, its earlier lines, and the staff's mark of what was seen. */

import { Refusal } from '../desk/api';
import { placeOf } from '../desk/shelf';
import { api, signed } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';
import { looksSilently } from './silent';

type Loading = 'loading' | 'ready' | 'missing' | 'failed';

const SEEN_PAUSE_MS = 600;
const TALKS_KEPT = 30;

class OpenTalk {
  loading: Loading = $state('loading');
  isLoadingOlder = $state(false);
}

export const openTalk = new OpenTalk();
let opening = 0;

/** Show a talk: at once when it was loaded before, since the feed has kept it whole. */
export async function showTalk(id: string): Promise<void> {
  if (shelf().talks.get(id)?.isLoaded) openTalk.loading = 'ready';
  else await reopenTalk(id);
}

/** Load a talk from the server. */
export async function reopenTalk(id: string): Promise<void> {
  opening += 1;
  const mine = opening;
  openTalk.loading = 'loading';
  shelve((rows) => {
    rows.keepTalks(TALKS_KEPT);
    rows.talkOf(id); // from now on entries are kept for it
  });
  let loading: Loading = 'ready';
  try {
    await load(id);
  } catch (error) {
    loading = error instanceof Refusal && error.status === 404 ? 'missing' : 'failed';
  }
  if (mine === opening) openTalk.loading = loading;
}

async function load(id: string): Promise<void> {
  const [detail, page, notes] = await Promise.all([
    api.detail(id),
    api.messages(id, null),
    api.notes(id),
  ]);
  const account = detail.conversation.account;
  shelve((rows) => {
    rows.putConversation(detail.conversation);
    rows.putCustomer(detail.customer);
    if (detail.run) rows.putRun(detail.run);
    if (detail.handoff) rows.putHandoff(detail.handoff, placeOf(detail.at, account));
    rows.putPage(id, page.items, page.next !== null, placeOf(page.at, account));
    for (const note of notes.items) rows.putNote(note, placeOf(notes.at, account));
  });
}

export async function loadOlder(id: string): Promise<void> {
  const talk = shelf().talks.get(id);
  if (talk === undefined || !talk.hasOlder || openTalk.isLoadingOlder) return;
  openTalk.isLoadingOlder = true;
  try {
    const page = await api.messages(id, talk.from);
    const account = shelf().conversations.get(id)?.account;
    shelve((rows) => rows.putPage(id, page.items, page.next !== null, placeOf(page.at, account)));
  } finally {
    openTalk.isLoadingOlder = false;
  }
}

const AROUND = 25;

/** Load the lines around one of them. */
export async function loadAround(id: string, seq: number): Promise<void> {
  openTalk.isLoadingOlder = true; // nothing old is read out as if it were news
  try {
    const page = await api.messages(id, seq + AROUND);
    const account = shelf().conversations.get(id)?.account;
    shelve((rows) => rows.putPage(id, page.items, page.next !== null, placeOf(page.at, account)));
  } finally {
    openTalk.isLoadingOlder = false;
  }
}

/** Load what follows a line, where a gap was left. */
export const loadAfter = (id: string, seq: number): Promise<void> =>
  loadAround(id, seq + AROUND + 1);

const seeing = new Set<string>();

/** The operator looks at the newest line: the staff have seen it. */
export function markSeen(id: string): void {
  if (!signed.mayAnswer || looksSilently() || seeing.has(id)) return;
  seeing.add(id);
  setTimeout(() => {
    seeing.delete(id);
    const row = shelf().conversations.get(id);
    if (row === undefined || row.unseen_count === 0 || !document.hasFocus()) return;
    api.seen(id, row.last_seq).then(
      (told) => shelve((rows) => rows.putConversation(told)),
      () => null, // the mark stays; the next look tries again
    );
  }, SEEN_PAUSE_MS);
}
