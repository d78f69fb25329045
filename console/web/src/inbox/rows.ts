/** The rows of the list's own part of the API. */

import type { Conversation } from '../desk/rows';
import type { Filter } from '../desk/views';

export interface SavedView {
  id: string;
  name: string;
  is_shared: boolean;
  query: Filter;
  updated_at: string;
  updated_by: string | null;
  version: number;
  may_change: boolean;
}

/** A count that is `at_most` may be more. */
export interface SavedViewPage {
  items: SavedView[];
  next: null;
  counts: Record<string, number>;
  at_most: number;
  may_share: boolean;
}

/** A talk as its row stood on the screen when somebody chose it. */
export interface Target {
  id: string;
  epoch: number;
  seq: number;
}

export type Deed =
  | { action: 'assign'; operator_id: string | null; queue?: string | null }
  | { action: 'snooze'; until: string }
  | { action: 'tag' | 'untag'; tag: string }
  | { action: 'resolve' | 'reopen' | 'wake' | 'return' | 'seen' | 'unseen' };

/** code: done; same, when it was so already; else of the refusal, with its sentence. */
export interface Outcome {
  id: string;
  code: string;
  message: string | null;
  conversation: Conversation | null;
}
