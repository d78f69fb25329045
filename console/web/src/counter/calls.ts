/** The API's part for the counter, through the same door as everything else. */

import { api } from '../state/session.svelte';
import type { Colleague, DeskRules, RulesChange, StandingChange } from './rows';

export const calls = {
  rules: () => api.call<DeskRules>('GET', '/desk/rules'),
  decide: (change: RulesChange) => api.call<DeskRules>('PUT', '/desk/rules', change),
  people: () => api.call<{ items: Colleague[] }>('GET', '/desk/people'),
  stand: (id: string, change: StandingChange) =>
    api.call<Colleague & { moved: number }>(
      'PUT',
      `/desk/people/${encodeURIComponent(id)}`,
      change,
    ),
};
