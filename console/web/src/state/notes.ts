/** Notes for colleagues: never on the way to a customer, so they do not go through the outbox. */

import { newId } from '../desk/ids';
import { explain } from './moves';
import { api } from './session.svelte';
import { shelve } from './shelf.svelte';

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
