/**
 * Every action that has a key: one table, from which the keys, the help, the palette and the page
 * for changing the keys are made. Another part of the console adds its actions here, and nowhere
 * else: a line with its default keys, a word `action.<id>` in both catalogues, and either a `run`
 * of its own or `{@attach does('<id>')}` on the button that does the same.
 */

import { beginNew } from '../broadcasts/going.svelte';
import {
  attachFiles,
  focusNote,
  focusReply,
  openEmoji,
  openQuickReplies,
  openSavedReplies,
  openStickers,
} from '../compose/actions';
import { bulk } from '../inbox/bulk.svelte';
import { resolveChosen, assignChosen, markChosenSeen, markChosenUnseen } from '../inbox/deeds';
import * as list from '../inbox/actions';
import { savedViews } from '../inbox/saved.svelte';
import { selection } from '../inbox/selection.svelte';
import { inbox } from '../state/inbox.svelte';
import { place } from '../state/place.svelte';
import { preferDesk } from '../state/preferences.svelte';
import { signed, signOut, speak } from '../state/session.svelte';
import { settings } from '../state/settings.svelte';
import {
  copyFocused, findInTalk, focusNextMessage, focusPreviousMessage, jumpToDate, jumpToNewest, jumpToUnseen, openFocusedMenu, quoteFocused,
} from '../talk/actions';
import { goTo, goToHealth, goToMentions, goToSaved, goToView, leave, turnPane } from './going';
import { hasRows, openRow, resolveAndNext, stepRows } from './listing';
import { keymap } from './keymap.svelte';
import { offered, press } from './offers';
import { bringUp } from './sheets.svelte';
import { turnUnseen } from './seeing';
import { beAway, beThere } from './standing';
import { actionName } from './words';
import { addTag, hasBox, openChosen, returnOrTake } from './writing';

export const GROUPS = ['list', 'talk', 'line', 'write', 'cast', 'go', 'screen'] as const;
export type Group = (typeof GROUPS)[number];

/** everywhere: in every room; inbox: beside the list; talk: a talk is open; composer: in its box. */
export type Where = 'everywhere' | 'inbox' | 'talk' | 'composer';

export interface Action {
  id: string;
  group: Group;
  /** As `spell` writes them; two keys in a row with a space between. */
  keys: readonly string[];
  where: Where;
  /** Whether somebody of this role may ever do it; everybody, where it is not said. */
  role?: () => boolean;
  /** Whether it can be done now; always, where it is not said. */
  may?: () => boolean;
  run: () => unknown;
  /** What it is called, where it is called by what somebody has named. */
  label?: () => string | undefined;
  /** The browser or the box itself does it: it is told in the help and cannot be changed. */
  isFixed?: true;
}

const pressed = (id: string) => ({ may: offered(id), run: () => void press(id) });
const answers = { role: () => signed.mayAnswer };
const isOnLine = () => document.activeElement?.closest('[data-stop]') != null;
const seesAudit = () => signed.mayChangeStaff && signed.seesEverything;
const leads = { role: () => signed.mayReadFlows };
const casts = { role: () => signed.maySendBroadcasts };
const watches = { role: () => signed.mayWatch };

const isOnRow = () => inbox.shownIds.includes(list.currentRow() ?? '');
const hasChosen = () => isOfTalks() && selection.count > 0 && !bulk.isBusy;
/** What stands in the list are talks: neither what a search found, nor notes. */
const isOfTalks = () => place.q === '' && !place.mentions;
const hasList = () => isOfTalks() && inbox.shownIds.length > 0;
const chosen = (id: string) => ({ where: 'inbox', group: 'list', ...answers, may: hasChosen, id }) as const;

/** Saved views are gone to by their place on the left. */
const SAVED: Action[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({
  ...{ id: `go.saved_${number}`, group: 'go', keys: [`g ${number}`], where: 'everywhere' },
  role: () => savedViews.items.length >= number,
  run: goToSaved(number),
  label: () => savedViews.items[number - 1]?.name,
}));

export const ACTIONS: readonly Action[] = [
  { id: 'list.next', group: 'list', keys: ['j'], where: 'inbox', may: hasRows, run: stepRows(1) },
  { id: 'list.previous', group: 'list', keys: ['k'], where: 'inbox', may: hasRows, run: stepRows(-1) },
  { id: 'list.open', group: 'list', keys: ['Enter'], where: 'inbox', run: openRow, isFixed: true },
  { id: 'list.search', group: 'list', keys: ['/'], where: 'inbox', ...pressed('list.search') },
  { id: 'list.filter', group: 'list', keys: ['Shift+f'], where: 'inbox', run: list.openFilter },
  { id: 'list.filter_clear', group: 'list', keys: ['Shift+c'], where: 'inbox', run: list.clearFilter },
  { id: 'list.save', group: 'list', keys: ['Shift+v'], where: 'inbox', run: list.saveView },
  { id: 'list.manage', group: 'list', keys: ['v'], where: 'inbox', run: list.manageViews },

  { id: 'list.pick', group: 'list', keys: ['x'], where: 'inbox', ...answers, may: isOnRow, run: () => list.toggleSelect() },
  { id: 'list.pick_to', group: 'list', keys: ['Shift+x'], where: 'inbox', ...answers, may: isOnRow, run: () => list.toggleSelect(true) },
  { id: 'list.pick_all', group: 'list', keys: ['Shift+a'], where: 'inbox', ...answers, may: hasList, run: list.selectAll },
  { ...chosen('list.pick_none'), keys: ['* x'], run: list.clearSelection },
  { ...chosen('bulk.resolve'), keys: ['* e'], run: resolveChosen },
  { ...chosen('bulk.assign'), keys: ['* a'], ...pressed('bulk.assign') },
  { ...chosen('bulk.take'), keys: ['* m'], run: () => assignChosen(signed.me) },
  { ...chosen('bulk.tag'), keys: ['* t'], run: openChosen('bulk.tag') },
  { ...chosen('bulk.untag'), keys: ['* Shift+t'], run: openChosen('bulk.untag') },
  { ...chosen('bulk.snooze'), keys: ['* s'], run: openChosen('bulk.snooze') },
  { ...chosen('bulk.return'), keys: ['* b'], run: openChosen('bulk.return') },
  { ...chosen('bulk.seen'), keys: ['* u'], run: markChosenSeen },
  { ...chosen('bulk.unseen'), keys: ['* Shift+u'], run: markChosenUnseen },

  { id: 'talk.resolve', group: 'talk', keys: ['e'], where: 'talk', ...answers, ...pressed('talk.resolve') },
  { id: 'talk.resolve_next', group: 'talk', keys: ['Shift+e'], where: 'talk', ...answers, may: offered('talk.resolve'), run: resolveAndNext },
  { id: 'talk.assign', group: 'talk', keys: ['a'], where: 'talk', ...answers, ...pressed('talk.assign') },
  { id: 'talk.take', group: 'talk', keys: ['m'], where: 'talk', ...answers, ...pressed('talk.take') },
  { id: 'talk.tag', group: 'talk', keys: ['t'], where: 'talk', ...answers, run: addTag },
  { id: 'talk.snooze', group: 'talk', keys: ['s'], where: 'talk', ...answers, ...pressed('talk.snooze') },
  { id: 'talk.return', group: 'talk', keys: ['b'], where: 'talk', ...answers, may: () => offered('talk.return')() || offered('talk.take')(), run: returnOrTake },
  { id: 'talk.unseen', group: 'talk', keys: ['u'], where: 'inbox', ...answers, may: () => list.currentRow() !== null, run: turnUnseen },
  { id: 'talk.card', group: 'talk', keys: ['c'], where: 'talk', ...pressed('talk.card') },
  { id: 'talk.find', group: 'talk', keys: ['f'], where: 'talk', run: findInTalk },
  { id: 'talk.date', group: 'talk', keys: ['d'], where: 'talk', run: jumpToDate },
  { id: 'talk.newest', group: 'talk', keys: ['l'], where: 'talk', run: jumpToNewest },
  { id: 'talk.first_unseen', group: 'talk', keys: ['Shift+u'], where: 'talk', run: jumpToUnseen },

  { id: 'talk.silent', group: 'talk', keys: ['Shift+l'], where: 'talk', ...watches, ...pressed('talk.silent') },
  { id: 'talk.whisper', group: 'talk', keys: ['Shift+w'], where: 'talk', ...watches, ...pressed('talk.whisper') },

  { id: 'line.next', group: 'line', keys: ['Shift+j'], where: 'talk', run: focusNextMessage },
  { id: 'line.previous', group: 'line', keys: ['Shift+k'], where: 'talk', run: focusPreviousMessage },
  { id: 'line.menu', group: 'line', keys: ['o'], where: 'talk', may: isOnLine, run: openFocusedMenu },
  { id: 'line.copy', group: 'line', keys: ['y'], where: 'talk', may: isOnLine, run: copyFocused },
  { id: 'line.quote', group: 'line', keys: ['q'], where: 'talk', ...answers, may: isOnLine, run: quoteFocused },

  { id: 'write.reply', group: 'write', keys: ['r'], where: 'talk', ...answers, may: hasBox, run: focusReply },
  { id: 'write.note', group: 'write', keys: ['n'], where: 'talk', ...answers, may: hasBox, run: focusNote },
  { id: 'write.attach', group: 'write', keys: ['p'], where: 'talk', ...answers, may: hasBox, run: attachFiles },
  { id: 'write.emoji', group: 'write', keys: [':'], where: 'talk', ...answers, may: hasBox, run: openEmoji },
  { id: 'write.sticker', group: 'write', keys: ['Shift+p'], where: 'talk', ...answers, may: hasBox, run: openStickers },
  { id: 'write.quick', group: 'write', keys: ['Shift+q'], where: 'talk', ...answers, may: hasBox, run: openQuickReplies },
  { id: 'write.saved_outside', group: 'write', keys: [';'], where: 'talk', ...answers, may: hasBox, run: openSavedReplies },
  { id: 'write.later', group: 'write', keys: ['Shift+s'], where: 'talk', ...answers, ...pressed('write.later') },
  { id: 'write.share', group: 'write', keys: ['Shift+d'], where: 'talk', ...answers, ...pressed('write.share') },
  { id: 'write.take_draft', group: 'write', keys: ['Shift+t'], where: 'talk', ...answers, ...pressed('write.take_draft') },
  { id: 'write.saved', group: 'write', keys: ['/'], where: 'composer', ...answers, run: openSavedReplies, isFixed: true },

  { id: 'cast.new', group: 'cast', keys: ['Shift+n'], where: 'everywhere', ...casts, run: beginNew },
  { id: 'cast.save', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.save') },
  { id: 'cast.test', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.test') },
  { id: 'cast.send', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.send') },
  { id: 'cast.unschedule', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.unschedule') },
  { id: 'cast.pause', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.pause') },
  { id: 'cast.cancel', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.cancel') },
  { id: 'cast.copy', group: 'cast', keys: [], where: 'everywhere', ...casts, ...pressed('cast.copy') },

  { id: 'go.inbox', group: 'go', keys: ['g i'], where: 'everywhere', run: goToView('waiting') },
  { id: 'go.mine', group: 'go', keys: ['g m'], where: 'everywhere', run: goToView('mine') },
  { id: 'go.mentions', group: 'go', keys: ['g c'], where: 'everywhere', run: goToMentions },
  { id: 'go.unassigned', group: 'go', keys: ['g u'], where: 'everywhere', run: goToView('unassigned') },
  { id: 'go.pending', group: 'go', keys: ['g p'], where: 'everywhere', run: goToView('pending') },
  { id: 'go.snoozed', group: 'go', keys: ['g s'], where: 'everywhere', run: goToView('snoozed') },
  { id: 'go.bot', group: 'go', keys: ['g b'], where: 'everywhere', run: goToView('bot') },
  { id: 'go.done', group: 'go', keys: ['g d'], where: 'everywhere', run: goToView('done') },
  { id: 'go.all', group: 'go', keys: ['g a'], where: 'everywhere', run: goToView('all') },
  ...SAVED,
  { id: 'go.watch', group: 'go', keys: ['g w'], where: 'everywhere', ...watches, run: goTo('watch') },
  { id: 'go.wall', group: 'go', keys: ['g Shift+w'], where: 'everywhere', ...watches, run: goTo('wall') },
  { id: 'go.reports', group: 'go', keys: ['g r'], where: 'everywhere', ...watches, run: goTo('reports') },
  { id: 'go.flows', group: 'go', keys: ['g f'], where: 'everywhere', ...leads, run: goTo('flows') },
  { id: 'go.broadcasts', group: 'go', keys: ['g o'], where: 'everywhere', ...leads, run: goTo('broadcasts') },
  { id: 'go.health', group: 'go', keys: ['g h'], where: 'everywhere', ...leads, run: goToHealth },
  { id: 'go.rules', group: 'go', keys: ['g k'], where: 'everywhere', ...leads, run: goTo('desk-rules') },
  { id: 'go.replies', group: 'go', keys: ['g ;'], where: 'everywhere', role: () => signed.mayWriteReplies, run: () => bringUp('replies') },
  { id: 'go.staff', group: 'go', keys: ['g t'], where: 'everywhere', role: () => signed.mayChangeStaff, run: goTo('staff') },
  { id: 'go.audit', group: 'go', keys: ['g l'], where: 'everywhere', role: seesAudit, run: goTo('audit') },
  { id: 'go.notices', group: 'go', keys: ['g n'], where: 'everywhere', run: goTo('notices') },
  { id: 'go.me', group: 'go', keys: ['g e'], where: 'everywhere', run: goTo('me') },

  { id: 'screen.pane_before', group: 'screen', keys: ['['], where: 'everywhere', run: turnPane(-1) },
  { id: 'screen.pane_after', group: 'screen', keys: [']'], where: 'everywhere', run: turnPane(1) },
  { id: 'screen.undo', group: 'screen', keys: ['z', 'Mod+Shift+Enter'], where: 'everywhere', ...pressed('screen.undo') },
  { id: 'screen.leave', group: 'screen', keys: ['Escape'], where: 'everywhere', run: leave, isFixed: true },
  { id: 'screen.leave_editor', group: 'screen', keys: ['Escape Tab'], where: 'composer', ...leads, run: () => {}, isFixed: true },
  { id: 'screen.palette', group: 'screen', keys: ['Mod+k'], where: 'everywhere', run: () => bringUp('palette') },
  { id: 'screen.help', group: 'screen', keys: ['?'], where: 'everywhere', run: () => bringUp('help') },
  { id: 'me.there', group: 'screen', keys: [], where: 'everywhere', ...answers, run: beThere },
  { id: 'me.away', group: 'screen', keys: [], where: 'everywhere', ...answers, run: beAway },
  { id: 'me.out', group: 'screen', keys: [], where: 'everywhere', ...answers, run: () => bringUp('out') },
  { id: 'me.theme_light', group: 'screen', keys: [], where: 'everywhere', run: () => preferDesk({ theme: 'light' }) },
  { id: 'me.theme_dark', group: 'screen', keys: [], where: 'everywhere', run: () => preferDesk({ theme: 'dark' }) },
  { id: 'me.theme_system', group: 'screen', keys: [], where: 'everywhere', run: () => preferDesk({ theme: 'system' }) },
  { id: 'me.language', group: 'screen', keys: [], where: 'everywhere', run: () => speak(settings.language === 'ja' ? 'en' : 'ja') },
  { id: 'me.sign_out', group: 'screen', keys: [], where: 'everywhere', run: () => void signOut() },
];

keymap.table = ACTIONS;

const BY_ID = new Map(ACTIONS.map((action) => [action.id, action]));

export const nameOf = (action: Action): string => action.label?.() ?? actionName(action.id);

export const actionOf = (id: string): Action | undefined => BY_ID.get(id);

/** Whether the action is for where the operator is, and they may do it. */
export function applies(action: Action): boolean {
  return isHere(action.where) && (action.role?.() ?? true) && (action.may?.() ?? true);
}

function isHere(where: Where): boolean {
  if (where === 'everywhere') return true;
  if (place.room !== 'inbox') return false;
  if (where === 'inbox') return true;
  if (where === 'talk') return place.talk !== null;
  return document.activeElement?.closest('.composer') != null;
}
