/**
 * The quick replies of what is being written: kept in this browser for each talk, like the text.
 */

import { browserBox } from '../desk/box';
import { QUICK_REPLIES, type QuickReply } from '../desk/parcel';
import { signed } from '../state/session.svelte';

class QuickReplies {
  #changes = $state(0);

  of(conversationId: string): QuickReply[] {
    void this.#changes;
    return (browserBox.parsed(key(conversationId)) ?? []) as QuickReply[];
  }

  write(conversationId: string, list: readonly QuickReply[]): void {
    if (list.length === 0) browserBox.remove(key(conversationId));
    else browserBox.write(key(conversationId), JSON.stringify(list));
    this.#changes += 1;
  }

  /** What did not go out, before whatever was added since. */
  giveBack(conversationId: string, list: readonly QuickReply[]): void {
    const since = this.of(conversationId).filter(
      (one) => !list.some((other) => other.label === one.label),
    );
    this.write(conversationId, [...list, ...since].slice(0, QUICK_REPLIES));
  }
}

const key = (conversationId: string) => `quick/${signed.me}/${conversationId}`;

export const quickReplies = new QuickReplies();
