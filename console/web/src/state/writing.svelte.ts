/**
 * Told when a text was given back to the composer (`reload`), or when another text stands in the
 * browser's own store now (`adopted`): it reads its draft again.
 */
export const writing = $state({ reload: 0, adopted: 0 });
