/** The errands of this page: talks that are brought because they are opened, or will be. */

import { Errands } from '../desk/errands';
import { place } from './place.svelte';
import { api } from './session.svelte';
import { shelf, shelve } from './shelf.svelte';

export const errands = new Errands({
  whole: (id) => api.whole(id),
  rows: shelf,
  change: shelve,
  open: () => place.talk,
});
