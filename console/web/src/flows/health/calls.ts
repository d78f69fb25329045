/** The API's part for the bot's health. */

import { api } from '../../state/session.svelte';
import type { Asked, Figure } from './asked';
import type { BotHealth, FlowHealth, FlowTalkPage } from './rows';

type Which = Pick<Asked, 'days' | 'version'>;

const healthAt = (flow: string) => `/flows/${encodeURIComponent(flow)}/health`;
const given = ({ days, version }: Which) => ({
  days: String(days),
  version: version === null ? 'all' : String(version),
});

export const calls = {
  bot: (days: number) => api.call<BotHealth>('GET', `/flows/health?days=${days}`),
  flow: (flow: string, which: Which) =>
    api.call<FlowHealth>('GET', `${healthAt(flow)}?${new URLSearchParams(given(which))}`),
  talks: (flow: string, which: Which, { step, figure }: Figure, after: string | null) => {
    const asked = new URLSearchParams({ ...given(which), figure });
    if (step !== null) asked.set('step', step);
    if (after !== null) asked.set('after', after);
    return api.call<FlowTalkPage>('GET', `${healthAt(flow)}/talks?${asked}`);
  },
};
