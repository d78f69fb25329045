/**
 * What one can do within a talk, each as one function: buttons, menus and keys do the same thing.
 * Those that answer a boolean say whether there was something to do.
 */

import type { Message, Note } from '../desk/rows';
import { bubbleText } from '../screen/lines';
import type { IconName } from '../screen/icons';
import { addressOf, place } from '../state/place.svelte';
import { signed } from '../state/session.svelte';
import { shelf } from '../state/shelf.svelte';
import { toast } from '../state/toasts.svelte';
import { openMenu, openNoteMenu } from './menu.svelte';
import { quote } from './quoting.svelte';
import { reveal } from './scroll';
import { shown } from './thread.svelte';
import { w, type TalkWord } from './words';

/** An entry of a message's menu. isBack: the keyboard goes back to where the menu was opened. */
export interface Deed {
  word: TalkWord;
  icon: IconName;
  isBack: boolean;
  work: (anchor: HTMLElement) => void;
}

export function jumpToNewest(): boolean {
  shown.thread?.toNewest();
  return shown.thread !== null;
}

/** To the first line that was unseen when the talk was opened. */
export const jumpToUnseen = (): boolean => shown.thread?.toUnseen() ?? false;

export function jumpToDate(): boolean {
  shown.isPickingDate = shown.thread !== null;
  return shown.isPickingDate;
}

export function findInTalk(): boolean {
  shown.isFinding = shown.thread !== null;
  return shown.isFinding;
}

/** Put the keyboard on the next line; on the newest when it is on none. */
export const focusNextMessage = (): boolean => focusLine(1);

export const focusPreviousMessage = (): boolean => focusLine(-1);

/** Copy the words of the line that the keyboard is on. */
export function copyFocused(): boolean {
  const note = focusedNote();
  if (note !== null) {
    void copy(note.text);
    return true;
  }
  const message = focusedMessage();
  if (message === null || !mayCopy(message)) return false;
  void copyText(message);
  return true;
}

/** Answer the line that the keyboard is on in particular. */
export function quoteFocused(): boolean {
  const message = focusedMessage();
  if (message === null || !mayQuote(message)) return false;
  quote(message);
  return true;
}

/** Open the menu of the line that the keyboard is on. */
export function openFocusedMenu(): boolean {
  const [message, note] = [focusedMessage(), focusedNote()];
  const anchor = focusedLine()?.querySelector<HTMLElement>('.more');
  if (!anchor || (message === null && note === null)) return false;
  if (note !== null) openNoteMenu(note, anchor);
  else if (message !== null) openMenu(message, anchor);
  return true;
}

/** What can be done with a message, as its menu shows it. */
export function deedsFor(message: Message): Deed[] {
  const deeds: (Deed | false)[] = [
    mayQuote(message) && {
      word: 'menu.quote',
      icon: 'quote',
      isBack: false,
      work: () => quote(message),
    },
    mayCopy(message) && {
      word: 'menu.copy',
      icon: 'copy',
      isBack: true,
      work: () => void copyText(message),
    },
    { word: 'menu.link', icon: 'link', isBack: true, work: () => void copyLink(message) },
    message.delivery !== null && {
      word: 'menu.details',
      icon: 'history',
      isBack: false,
      work: (anchor) => openMenu(message, anchor, 'details'),
    },
  ];
  return deeds.filter((deed) => deed !== false);
}

const mayQuote = (message: Message) => signed.mayAnswer && message.can_quote;
const mayCopy = (message: Message) => message.unsent_at === null && bubbleText(message) !== null;

async function copyText(message: Message): Promise<void> {
  await copy(bubbleText(message) ?? '');
}

async function copyLink(message: Message): Promise<void> {
  const to = { ...place, talk: message.conversation_id, seq: message.seq, note: null, q: '', mentions: false };
  await copy(location.origin + addressOf(to));
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(w('menu.copied'));
  } catch {
    toast(w('menu.copy_failed'), true); // the browser forbids it, or the page is not https
  }
}

function focusLine(step: 1 | -1): boolean {
  const list = shown.thread?.list;
  const stops = [...(list?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];
  const at = stops.indexOf(focusedLine()!);
  const next = at < 0 ? stops.at(-1) : stops[at + step];
  if (list === undefined || next === undefined) return false;
  next.focus({ preventScroll: true });
  reveal(list.parentElement!, next);
  return true;
}

function focusedLine(): HTMLElement | null {
  const line = document.activeElement?.closest<HTMLElement>('[data-stop]') ?? null;
  return line !== null && shown.thread?.list.contains(line) ? line : null;
}

function focusedMessage(): Message | null {
  const seq = Number(focusedLine()?.dataset.seq);
  const talk = shown.thread && shelf().talks.get(shown.thread.conversationId);
  const message = talk?.messages.get(seq)?.row;
  return message === undefined || message.sender === 'system' ? null : message;
}

function focusedNote(): Note | null {
  const id = focusedLine()?.dataset.note;
  const talk = shown.thread && shelf().talks.get(shown.thread.conversationId);
  const note = id === undefined ? undefined : talk?.notes.get(id)?.row;
  return note === undefined || note.deleted_at ? null : note;
}
