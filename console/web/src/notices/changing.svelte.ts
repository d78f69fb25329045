/** Changing one's rules: at once here, and kept by the server. */

import { prefer } from '../state/preferences.svelte';
import type { Channel, Matrix, Means, Notices, Occasion } from './rules';
import { rules } from './telling.svelte';

const NOTHING: Means = { toast: false, sound: false, desktop: false, line: false };

export function change(part: Partial<Notices>): void {
  void prefer('notices', { ...$state.snapshot(rules()), ...part } as Notices);
}

/** The matrix of an account, or (null) the shared one. */
export function matrixFor(account: string | null): Matrix {
  const own = account === null ? undefined : rules().accounts[account];
  return own?.mode === 'own' ? own.matrix : rules().matrix;
}

export type AccountMode = 'same' | 'own' | 'off';

export const modeOf = (account: string): AccountMode => rules().accounts[account]?.mode ?? 'same';

/** An account that becomes different begins as the shared one is. */
export function setMode(account: string, mode: AccountMode): void {
  const { [account]: before, ...others } = $state.snapshot(rules().accounts);
  const matrix =
    before && Object.keys(before.matrix).length > 0 ? before.matrix : $state.snapshot(rules().matrix);
  const accounts = mode === 'same' ? others : { ...others, [account]: { mode, matrix } };
  change({ accounts });
}

export function setCell(
  account: string | null,
  occasion: Occasion,
  channel: Channel,
  isOn: boolean,
): void {
  const matrix = $state.snapshot(matrixFor(account));
  const changed = { ...matrix, [occasion]: { ...NOTHING, ...matrix[occasion], [channel]: isOn } };
  if (account === null) change({ matrix: changed });
  else
    change({
      accounts: { ...$state.snapshot(rules().accounts), [account]: { mode: 'own', matrix: changed } },
    });
}
