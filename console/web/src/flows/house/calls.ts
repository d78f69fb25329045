/** The API's part for forms. Nothing here saves a file. */

import { api } from '../../state/session.svelte';
import type { FaqTry, HouseForm, Month, Part, Written } from './rows';

export const formCalls = {
  read: (file: string, text: string) =>
    api.call<HouseForm>('POST', '/flows/forms/read', { file, text }),
  write: (file: string, text: string, change: Part[]) =>
    api.call<Written>('POST', '/flows/forms/write', { file, text, change }),
  month: (file: string, text: string, month: string | null) =>
    api.call<Month>('POST', '/flows/forms/month', { file, text, month }),
  ask: (file: string, text: string, question: string) =>
    api.call<FaqTry>('POST', '/flows/forms/ask', { file, text, question }),
};
