/** The words of the composer in the operator's language. */

import { spoken } from '../state/settings.svelte';
import { bookAtFirst } from '../words/first';

export const c = spoken(bookAtFirst('compose'));
