/** Notes for colleagues: never on the way to a customer, so they do not go through the outbox. */

import { Refusal } from '../desk/api';
import { newId } from '../desk/ids';
import type { Note } from '../desk/rows';
import { explain } from './moves';
import { api } from './session.svelte';
import { shelve } from './shelf.svelte';

/** Other words. Answers null when they are kept, else how the note is by now, where it changed. */
export async function editNote(
  note: Note,
  text: string,
  mentions: string[],
): Promise<Note | 'failed' | null> {
  try {
    const kept = await api.editNote(note.id, { text, mentions, version: note.version });
    shelve((rows) => rows.putNote(kept, 0));
    return null;
  } catch (error) {
    return byNow(error) ?? refused(error);
  }
}

/** Only that there was one stays. */
export async function deleteNote(note: Note): Promise<boolean> {
  try {
    const gone = await api.deleteNote(note.id, note.version);
    shelve((rows) => rows.putNote(gone, 0));
    return true;
  } catch (error) {
    byNow(error);
    explain(error);
    return false;
  }
}

/** The note as it is, where somebody else was first. */
function byNow(error: unknown): Note | null {
  const note = error instanceof Refusal ? error.details.note : undefined;
  if (note === undefined) return null;
  shelve((rows) => rows.putNote(note, 0));
  return note;
}

function refused(error: unknown): 'failed' {
  explain(error);
  return 'failed';
}

/** The id of a note that was not taken yet: another try of the same text is the same note. */
const unsaved = new Map<string, { text: string; id: string }>();

export async function addNote(
  conversationId: string,
  text: string,
  mentions: string[] = [],
): Promise<boolean> {
  const known = unsaved.get(conversationId);
  const id = known?.text === text ? known.id : newId();
  unsaved.set(conversationId, { text, id });
  try {
    const note = await api.addNote(conversationId, { client_note_id: id, text, mentions });
    shelve((rows) => rows.putNote(note, 0));
    unsaved.delete(conversationId);
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}
