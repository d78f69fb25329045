/** The list that leaders keep, and what they have written and not saved: a closed sheet loses nothing. */

import { Refusal } from '../desk/api';
import { explain } from '../state/moves';
import { toast } from '../state/toasts.svelte';
import { replyCalls } from './calls';
import type { SavedReply, Written } from './rows';
import { r } from './words';

export const NEW = 'new';

/** What was written and not saved yet, by the reply's id. */
export const unsaved: Record<string, Written> = $state({});

export class ReplyList {
  items: SavedReply[] | null = $state.raw(null);
  mayShare = $state(false);
  hasFailed = $state(false);
  /** What was removed last, for as long as it can be put back. */
  removed: SavedReply | null = $state.raw(null);

  async load(): Promise<void> {
    this.hasFailed = false;
    try {
      const page = await replyCalls.list(null);
      [this.items, this.mayShare] = [page.items, page.may_share];
    } catch {
      this.hasFailed = true;
    }
  }

  async remove(reply: SavedReply): Promise<void> {
    try {
      await replyCalls.remove(reply.id, reply.version);
      this.removed = reply;
    } catch (error) {
      explain(error);
    }
    await this.load();
  }

  async restore(): Promise<void> {
    if (this.removed === null) return;
    try {
      await replyCalls.restore(this.removed.id);
      this.removed = null;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'already_there') sayTaken(error);
      else explain(error);
    }
    await this.load();
  }
}

/** Its shortcut was given to another while it was away. */
function sayTaken(error: Refusal): void {
  const { title = '' } = error.details as { title?: string };
  toast(r('form.shortcut_taken', { title }), true);
}
