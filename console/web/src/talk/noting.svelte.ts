/** What one can do with a note, and which note is being written anew or asked about. */

import { tick } from 'svelte';
import type { Note } from '../desk/rows';
import { signed } from '../state/session.svelte';
import { copy, type Deed } from './actions';

class Noting {
  editing: Note | null = $state.raw(null);
  deleting: Note | null = $state.raw(null);
  /** Where the keyboard goes back to. */
  anchor: HTMLElement | null = null;
}

export const noting = new Noting();

export function noteDeedsFor(note: Note): Deed[] {
  const isOwn = note.operator_id === signed.me;
  const deeds: (Deed | false)[] = [
    { word: 'menu.copy', icon: 'copy', isBack: true, work: () => void copy(note.text) },
    isOwn &&
      signed.mayAnswer && {
        word: 'note.edit',
        icon: 'pencil',
        isBack: false,
        work: (anchor) => begin('editing', note, anchor),
      },
    (isOwn ? signed.mayAnswer : signed.mayWatch) && {
      word: 'note.delete',
      icon: 'close',
      isBack: false,
      work: (anchor) => begin('deleting', note, anchor),
    },
  ];
  return deeds.filter((deed) => deed !== false);
}

function begin(what: 'editing' | 'deleting', note: Note, anchor: HTMLElement): void {
  noting.anchor = anchor;
  noting[what] = note;
}

export function endNoting(): void {
  noting.editing = null;
  noting.deleting = null;
  if (noting.anchor?.isConnected) noting.anchor.focus();
}

/** Its button went with its words: the keyboard stays at its line. */
export async function stayAt(note: Note): Promise<void> {
  await tick();
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`[data-note="${CSS.escape(note.id)}"]`)?.focus();
}
