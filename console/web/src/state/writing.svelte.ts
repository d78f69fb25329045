/** Told when a text was given back to the composer: it reads its draft again. */
export const writing = $state({ reload: 0 });
