/** What is open around the list, and how other parts of the console reach its rows. */

export const ui = $state({
  isFilterOpen: false,
  /** The sheet over the list. */
  sheet: null as 'save' | 'manage' | null,
});

export interface ListHandle {
  /** Bring a row into sight and give it the focus. */
  focusRow: (id: string) => void;
  /** The row that has the focus. */
  focused: () => string | null;
}

let handle: ListHandle | null = null;

/** The list tells how it is reached; answers how to take that back. */
export function offerList(offered: ListHandle): () => void {
  handle = offered;
  return () => {
    if (handle === offered) handle = null;
  };
}

export const list = (): ListHandle | null => handle;
