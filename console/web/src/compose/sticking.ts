/** A sticker goes out at once, as a message of its own; what is in the box stays there. */

import { browserBox } from '../desk/box';
import { rememberSticker, type Sticker } from '../desk/stickers';
import { sendReply } from '../state/sending.svelte';
import { signed } from '../state/session.svelte';
import { quotingIn, stopQuoting } from '../talk/quoting.svelte';

export async function sendSticker(conversationId: string, sticker: Sticker): Promise<void> {
  rememberSticker(browserBox, signed.me, sticker);
  const quoted = quotingIn(conversationId);
  const quotedSeq = quoted?.message.seq ?? null;
  if (quoted) stopQuoting();
  const parcel = { texts: [], attachments: [], quick: [], quotedSeq, sticker };
  await sendReply(conversationId, '', parcel);
}
