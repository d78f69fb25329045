/** One's own standing at the counter, from wherever one is. */

const own = () => import('../counter/own');

export const beThere = (): void => void own().then(({ beThere: change }) => change());

export const beAway = (): void => void own().then(({ beAway: change }) => change());
