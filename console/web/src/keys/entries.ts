/** What the palette offers: what can be done here, where one can go, and whom one talked to. */

import type { SearchHit } from '../desk/rows';
import { goView } from '../inbox/actions';
import { go, place } from '../state/place.svelte';
import { signed } from '../state/session.svelte';
import { t } from '../state/settings.svelte';
import { ACTIONS, applies, nameOf } from './actions';
import { seeFocus } from './focus';
import { score } from './fuzzy';
import { keymap } from './keymap.svelte';
import { READINGS } from './readings';
import { recentTalks } from './recent';
import { allNames } from './words';

export const KINDS = ['actions', 'places', 'recent', 'customers', 'messages', 'notes'] as const;
export type Kind = (typeof KINDS)[number];

export interface Entry {
  id: string;
  kind: Kind;
  label: string;
  detail: string;
  key: string | null;
  names: readonly string[];
  run: () => void;
}

/** Everything but what is searched for on the server, as it is when the palette is opened. */
export function entriesNow(): Entry[] {
  return [...actionEntries(), ...queueEntries(), ...recentEntries()];
}

export function matching(entries: readonly Entry[], query: string): Entry[] {
  if (query.trim() === '') return [...entries];
  const rated = entries.map((entry) => ({ entry, points: score(query, entry.names) }));
  const found = rated.filter((one) => one.points > 0).sort((a, b) => b.points - a.points);
  return KINDS.flatMap((kind) => found.map((one) => one.entry).filter((one) => one.kind === kind));
}

export function hitEntry(hit: SearchHit): Entry {
  const name = hit.customer_name || t('app.unnamed');
  const kind = `${hit.kind}s` as Kind;
  const note = hit.kind === 'note' ? hit.id : null;
  const detail = hit.kind === 'customer' && hit.text === name ? '' : hit.text;
  const talk = hit.conversation_id;
  return {
    ...{ id: `${kind}-${hit.id}`, kind, label: name, detail, key: null, names: [] },
    run: () => talk !== null && openTalk(talk, hit.seq, note),
  };
}

/** They lead from where the keyboard is: out of a list of commands they lead nowhere. */
const BY_HAND = new Set(['list.next', 'list.previous', 'screen.pane_before', 'screen.pane_after', 'screen.palette', 'line.next', 'line.previous']);

function actionEntries(): Entry[] {
  const shown = ACTIONS.filter((one) => !BY_HAND.has(one.id) && !one.isFixed && applies(one));
  return shown.map((action) => ({
    id: action.id,
    kind: action.group === 'go' ? 'places' : 'actions',
    label: nameOf(action),
    detail: '',
    key: keymap.keysOf(action.id)[0] ?? null,
    names: [nameOf(action), ...allNames(action.id), READINGS[action.id] ?? ''],
    run: action.run,
  }));
}

function queueEntries(): Entry[] {
  return signed.house.queues.map((queue) => ({
    ...{ id: `queue-${queue}`, kind: 'places', label: queue, detail: t('app.queues') } as const,
    ...{ key: null, names: [queue] },
    run: () => {
      goView('waiting', queue);
      void seeFocus('.queue .row', '.queue input[type="search"]');
    },
  }));
}

function recentEntries(): Entry[] {
  const others = recentTalks().filter((row) => row.id !== place.talk);
  return others.map((row) => {
    const label = row.customer_name || t('app.unnamed');
    const detail = t(`status.${row.status}`);
    const run = () => openTalk(row.id, null, null);
    return { id: `talk-${row.id}`, kind: 'recent', label, detail, key: null, names: [label], run };
  });
}

function openTalk(talk: string, seq: number | null, note: string | null): void {
  go({ room: 'inbox', file: null, talk, seq, note });
  void seeFocus('.talk [role="log"]');
}
