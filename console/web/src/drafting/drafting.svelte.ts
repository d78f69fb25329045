/** One's drafts, what colleagues share, and what the server says of them, as the screen follows it. */

import { browserBox } from '../desk/box';
import { Drafts, type Tab } from '../desk/drafts';
import { newId } from '../desk/ids';
import { catchUp } from '../state/ahead';
import { signed } from '../state/session.svelte';
import { explain } from '../state/moves';
import { shelf, shelve } from '../state/shelf.svelte';
import { writing } from '../state/writing.svelte';
import { draftingCalls as calls } from './calls';
import { Keeper, type KeptState } from './keeper';
import type { DraftsOfTalk, OtherText, OwnDraft, SharedDraft } from './rows';

let changes = $state(0);
/** The talks in which one has begun something: as the server said at the start, and since here. */
let begun = $state.raw(new Set<string>());

const texts = (): Drafts => new Drafts(browserBox, signed.me);

export const keeper = new Keeper(calls, {
  texts,
  box: browserBox,
  operatorId: () => signed.me,
  catchUp,
  adopted: (talk) => {
    mark(talk);
    writing.adopted += 1;
  },
  changed: () => (changes += 1),
  later: (work, ms) => setTimeout(work, ms),
}, newId());

/** The writer has changed a text. */
export function typed(talk: string, tab: Tab): void {
  if (!signed.mayAnswer) return;
  mark(talk);
  keeper.typed(talk, tab);
}

export function hasDraft(talk: string): boolean {
  return begun.has(talk);
}

export function draftState(talk: string, tab: Tab): { kept: KeptState; row: OwnDraft | null } {
  void changes;
  return { kept: keeper.state(talk, tab), row: keeper.known(talk, tab) };
}

/** What other pages of one's own had written. */
export function othersOf(talk: string, tab: Tab): OtherText[] {
  void changes;
  return keeper.known(talk, tab)?.others ?? [];
}

/** What colleagues share in a talk, the one that is handed to me first. */
export function sharedIn(talk: string): SharedDraft[] {
  const all = [...shelf().drafts.values()].filter(
    (one) => one.conversation_id === talk && one.shared && one.operator_id !== signed.me,
  );
  return all.sort((a, b) => Number(b.to === signed.me) - Number(a.to === signed.me));
}

/** A talk is opened that is here already: only of its drafts the server has to tell. */
export async function openDrafts(talk: string): Promise<void> {
  const asked = signed.mayAnswer ? keeper.opened(talk) : calls.drafts(talk);
  const told = await asked.catch(() => null); // the next opening asks again
  if (told !== null) putShared(told);
  if (signed.mayAnswer) mark(talk);
}

/** A talk is opened, and this is what the server has of its drafts. */
export function meetDrafts(talk: string, told: DraftsOfTalk): void {
  putShared(told);
  if (!signed.mayAnswer) return;
  keeper.met(talk, told);
  mark(talk);
}

function putShared(told: DraftsOfTalk): void {
  shelve((rows) => told.shared.forEach((row) => rows.putDraft(row)));
}

/** At the start: what waits for its moment, what the month has left, where one has begun. */
export async function loadDrafting(): Promise<void> {
  const own = signed.mayAnswer ? calls.ownDrafts() : Promise.resolve({ items: [] });
  const [planned, quotas, drafts] = await Promise.all([calls.scheduled(), calls.quotas(), own]);
  shelve((rows) => {
    planned.items.forEach((row) => rows.putScheduled(row));
    quotas.items.forEach((row) => rows.putQuota(row));
  });
  begun = new Set(drafts.items.map((row) => row.conversation_id));
  texts().talks().forEach((talk) => begun.add(talk));
}

/** Take the text of another page, or drop it. */
export async function settle(
  talk: string,
  tab: Tab,
  device: string,
  takes: boolean,
): Promise<boolean> {
  await keeper.flush(talk, tab);
  return doing(async () => keeper.told(await calls.settle(talk, tab, device, takes)));
}

/** Show one's draft to colleagues, or no more; `to`: the one whom it is handed to. */
export async function share(
  talk: string,
  tab: Tab,
  isShared: boolean,
  to: string | null = null,
): Promise<boolean> {
  await keeper.flush(talk, tab);
  return doing(async () => keeper.told(await calls.share(talk, tab, isShared, to)));
}

/** Go on with a colleague's text: it comes into one's own box, after what stands there. */
export async function takeOver(draft: SharedDraft): Promise<Tab | null> {
  let tab: Tab | null = null;
  await doing(async () => {
    const taken = await calls.take(draft.conversation_id, draft.id);
    catchUp();
    const own = texts();
    own.append(draft.conversation_id, taken.kind, taken.text);
    typed(draft.conversation_id, taken.kind);
    writing.adopted += 1;
    tab = taken.kind;
  });
  return tab;
}

async function doing(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}

function mark(talk: string): void {
  const own = texts();
  const has = own.read(talk, 'reply') !== '' || own.read(talk, 'note') !== '';
  if (has === begun.has(talk)) return;
  const next = new Set(begun);
  if (has) next.add(talk);
  else next.delete(talk);
  begun = next;
}

/** When the page is left, what waits goes at once. */
export function flushOnLeaving(): () => void {
  const leave = () => document.visibilityState === 'hidden' && keeper.flushAll();
  document.addEventListener('visibilitychange', leave);
  return () => document.removeEventListener('visibilitychange', leave);
}

