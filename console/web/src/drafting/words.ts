/** The words of what is written before it goes out, in the operator's language. */

import { spoken } from '../state/settings.svelte';
import { bookAtFirst } from '../words/first';
import type { DraftingWord } from './words_ja';

export type { DraftingWord };

export const d = spoken(bookAtFirst('drafting'));
