/** What the journal has told of broadcasts: kept for whoever looks at them, the newest of each. */

import type { Broadcast } from '../broadcasts/rows';
import type { At, Entry } from '../desk/rows';

export interface Heard {
  row: Broadcast;
  /** The journal id of the account's stream. */
  id: number;
  isDeleted: boolean;
}

const MOST = 500;
const heard = new Map<string, Heard>();
let changes = $state(0);

export function hearBroadcast(entry: Entry): void {
  const row = entry.payload.broadcast;
  if (row === undefined) return;
  heard.delete(row.id);
  heard.set(row.id, { row, id: entry.id, isDeleted: entry.kind === 'broadcast.deleted' });
  const [oldest] = heard.keys();
  if (heard.size > MOST && oldest !== undefined) heard.delete(oldest);
  changes += 1;
}

/** What was told of one since an answer that was true at `at`; null: nothing. */
export function heardOf(id: string, account: string, at: At): Heard | null {
  void changes;
  const found = heard.get(id);
  return found !== undefined && found.id > (at[account] ?? 0) ? found : null;
}

/** Those that were told of; the newest last. */
export function allHeard(): Heard[] {
  void changes;
  return [...heard.values()];
}
