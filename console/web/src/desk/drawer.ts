/**
 * Where outgoing messages lie between reloads: one drawer for all pages of this browser. A page that
 * has looked into it is told of what the others do with a message: what one page has taken back, or
 * thrown away, no other may show or send.
 */

import type { Outgoing } from './outbox';
import { openRows } from './stored';

/** What another page has done. */
export type Change = { put: Outgoing } | { gaveUp: string };

export interface Drawer {
  all(): Promise<Outgoing[]>;
  put(item: Outgoing): Promise<void>;
  /** The server has it, as every page hears by the feed. */
  remove(id: string): Promise<void>;
  /** It is not to be sent any more. */
  giveUp(id: string): Promise<void>;
  follow(hear: (change: Change) => void): void;
  /** Of all open pages one sees to what is taken back; whether it is this one. */
  claim(id: string): Promise<boolean>;
}

const NAME = 'madoguchi-outbox';

/** The drawer in IndexedDB. */
export function openDrawer(): Drawer {
  const rows = openRows<Outgoing>('madoguchi', 'outbox', 'client_msg_id');
  const pages = new BroadcastChannel(NAME);
  const tell = (change: Change) => pages.postMessage(change);
  const claims = new Map<string, Promise<boolean>>();
  return {
    all: rows.all,
    put: async (item) => {
      tell({ put: item });
      await rows.put(item);
    },
    remove: rows.remove,
    giveUp: async (id) => {
      tell({ gaveUp: id });
      await rows.remove(id);
    },
    follow: (hear) => (pages.onmessage = ({ data }: MessageEvent<Change>) => hear(data)),
    claim: (id) => {
      const claim = claims.get(id) ?? hold(`${NAME}/${id}`);
      claims.set(id, claim);
      return claim;
    },
  };
}

/** Have a lock for as long as this page is open; whether no other page has it. */
function hold(name: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true); // a page on plain http is alone with itself
  return new Promise((resolve) => {
    const forever = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => {});
    };
    navigator.locks.request(name, { ifAvailable: true }, forever).catch(() => resolve(true));
  });
}
