/** What would leave the composer as it stands: the words, what goes with them, and what it lacks. */

import { newId } from '../desk/ids';
import type { Parcel } from '../desk/parcel';
import type { Conversation } from '../desk/rows';
import { d } from '../drafting/words';
import { attachedTo, attachments } from '../state/attachments.svelte';
import { quotingIn, stopQuoting } from '../talk/quoting.svelte';
import type { Paper } from './paper.svelte';
import { quickReplies } from './quick.svelte';
import { c } from './words';

export type Letter = ReturnType<typeof letterOf>;

export function letterOf(paper: Paper, row: () => Conversation) {
  const isBlocked = $derived(row().is_blocked && !paper.isNote);
  const attached = $derived(paper.isNote ? [] : attachedTo(row().id));
  const quoted = $derived(paper.isNote ? null : quotingIn(row().id));
  const quick = $derived(paper.isNote ? [] : quickReplies.of(row().id));
  const hasText = $derived(paper.text.trim() !== '');
  const lacks = $derived.by(() => {
    if (attached.some((one) => one.refusal !== null)) return c('attach.refused_first');
    if (quoted !== null && !hasText && attached.length > 0) return c('quote.needs_text');
    if (quick.length > 0 && !hasText && attached.length === 0) return c('quick.needs');
    return null;
  });
  const isEmpty = $derived(!hasText && attached.length === 0);
  const mayGo = $derived(!isEmpty && lacks === null && !paper.isKeeping && !isBlocked);
  const noPlan = $derived.by(() => {
    if (lacks !== null) return lacks;
    if (isEmpty) return d('later.empty');
    return paper.over > 0 ? d('later.too_long') : null;
  });

  /** What goes with the words; undefined when they are all. */
  function parcel(): Parcel | undefined {
    const quotedSeq = quoted?.message.seq ?? null;
    const isPlain = attached.length === 0 && quick.length === 0 && quotedSeq === null;
    if (isPlain && paper.over <= 0) return undefined;
    const texts = hasText ? [...paper.pieces] : [];
    return { texts, attachments: attached.map((one) => one.id), quick: [...quick], quotedSeq };
  }

  /** What was written is on its way, or waits for its moment. */
  function putAway(): void {
    paper.clear();
    paper.turn(null);
    quickReplies.write(row().id, []);
    if (quoted) stopQuoting();
  }

  /** It waits for its moment now; what was written or attached meanwhile stays. */
  async function planned(words: string, files: readonly string[]): Promise<void> {
    paper.take();
    if (paper.text === words) putAway();
    const id = newId();
    await attachments.take(files, id);
    await attachments.release(id);
  }

  return {
    get isBlocked() {
      return isBlocked;
    },
    get attached() {
      return attached;
    },
    get hasText() {
      return hasText;
    },
    /** Why it cannot be sent as it is, where that is not plain to see. */
    get lacks() {
      return lacks;
    },
    /** Whether it could go out, were it not too long for one message. */
    get mayGo() {
      return mayGo;
    },
    get maySend() {
      return mayGo && paper.over <= 0;
    },
    /** Why what is in the box cannot go out later. */
    get noPlan() {
      return noPlan;
    },
    parcel,
    putAway,
    planned,
  };
}
