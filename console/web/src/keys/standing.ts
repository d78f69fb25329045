/** One's own standing at the counter, from wherever one is. */

import { bring } from '../state/settings.svelte';

const own = () => bring(() => import('../counter/own'));

export const beThere = (): void => void own().then(({ beThere: change }) => change());

export const beAway = (): void => void own().then(({ beAway: change }) => change());
