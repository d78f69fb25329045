/** The rooms beside the inbox that somebody may enter: in the places, and on a phone in the menu. */

import type { IconName } from '../screen/icons';
import type { Place } from '../state/place.svelte';
import { signed } from '../state/session.svelte';
import type { Word } from '../words/words';

interface RoomLink {
  room: Place['room'];
  label: Word;
  icon: IconName;
}

const OF_LEADERS: readonly RoomLink[] = [
  { room: 'watch', label: 'app.watch', icon: 'watch' },
  { room: 'reports', label: 'app.reports', icon: 'report' },
  { room: 'broadcasts', label: 'app.broadcasts', icon: 'broadcast' },
  { room: 'flows', label: 'app.flows', icon: 'flow' },
  { room: 'desk-rules', label: 'app.desk_rules', icon: 'timer' },
];
const STAFF: RoomLink = { room: 'staff', label: 'app.staff', icon: 'people' };
const AUDIT: RoomLink = { room: 'audit', label: 'app.audit', icon: 'history' };

export function roomLinks(): RoomLink[] {
  return [
    ...(signed.mayReadFlows ? OF_LEADERS : []),
    ...(signed.mayChangeStaff ? [STAFF] : []),
    ...(signed.mayChangeStaff && signed.seesEverything ? [AUDIT] : []),
  ];
}
