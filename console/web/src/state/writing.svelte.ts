/**
 * Told when a text was given back to the composer (`reload`), or when another text stands in the
 * browser's own store now (`adopted`): it reads its draft again. talk: whose text was given back.
 */
export const writing = $state({ reload: 0, adopted: 0, talk: '' });
