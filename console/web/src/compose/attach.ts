/** Files that were picked, dropped or pasted become attachments of a talk's reply. */

import { newId } from '../desk/ids';
import { attachedTo, attachments } from '../state/attachments.svelte';
import { signed } from '../state/session.svelte';
import { toast } from '../state/toasts.svelte';
import { MOST_ATTACHED, refusalOf } from './pick';
import { c } from './words';

/** Attach them; what cannot be sent is shown with the reason, and nothing else is lost. */
export async function attach(conversationId: string, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  if (!signed.house.can_send_files) return toast(c('attach.unreachable'), true);
  const room = MOST_ATTACHED - attachedTo(conversationId).length;
  if (files.length > room) toast(c('attach.too_many', { count: MOST_ATTACHED }), true);
  for (const file of files.slice(0, Math.max(0, room))) await one(conversationId, file);
}

/** A picture from the clipboard has no name of its own. */
export function pasted(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const ending = file.name.replace(/^image/, '');
  return new File([file], `${c('attach.pasted')}${ending}`, { type: file.type });
}

function one(conversationId: string, file: File): Promise<void> {
  return attachments.add({
    id: newId(),
    conversation_id: conversationId,
    operator_id: signed.me,
    name: file.name,
    type: file.type,
    size: file.size,
    blob: file,
    refusal: refusalOf(file),
  });
}
