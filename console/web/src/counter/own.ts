/** One's own standing: receiving, away, and back again. It is said once what it is now. */

import { explain } from '../state/moves';
import { signed } from '../state/session.svelte';
import { toast } from '../state/toasts.svelte';
import type { StandingChange } from './rows';
import { stand } from './standing.svelte';
import { c } from './words';

export const beThere = () => change({ is_receiving: true }, c('stands.there'));

export const beAway = () => change({ is_receiving: false }, c('stands.away'));

export const comeBack = () => change({ is_out: false }, c('out.back'));

async function change(to: StandingChange, said: string): Promise<void> {
  try {
    await stand(signed.me, to);
    toast(said);
  } catch (error) {
    explain(error);
  }
}
