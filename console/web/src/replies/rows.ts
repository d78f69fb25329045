/** The rows of saved replies as the API shows them. Places are in UTF-16 units. */

export interface SavedReply {
  id: string;
  /** null: it serves every account. */
  account: string | null;
  title: string;
  text: string;
  shortcut: string | null;
  uses: number;
  used_at: string | null;
  updated_at: string;
  updated_by: string | null;
  version: number;
  may_change: boolean;
}

export interface ReplyPage {
  items: SavedReply[];
  next: null;
  may_share: boolean;
}

export interface Hole {
  start: number;
  end: number;
  name: string;
}

export interface Filled {
  text: string;
  missing: Hole[];
}

export interface Mistake {
  start: number;
  end: number;
  line: number;
  column: number;
  message: string;
}

export interface Preview extends Filled {
  units: number;
  problems: Mistake[];
}

/** What a leader writes. */
export interface Written {
  title: string;
  text: string;
  shortcut: string | null;
  account: string | null;
}
