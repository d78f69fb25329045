/** How a talk with a flow can begin: its triggers, as lines of a talk. */

import type { TalkLine, Trigger } from './rows';
import { triggerText } from './telling';
import { f } from './words';

export interface Start {
  text: string;
  line: TalkLine;
  /** Kind and text, as the talk tells of it afterwards. */
  key: string;
}

const KEY_OF: Record<string, string> = {
  keyword: 'user',
  postback: 'postback',
  tag_added: 'tag',
  event: 'event',
  url_click: 'click',
  qr: 'qr',
};

/** Texts of one's own are typed, so `message` and `off_hours` need no button. */
export function startsOf(triggers: readonly Trigger[], flow: string): Start[] {
  const found = triggers.flatMap((trigger) => startOf(trigger, flow));
  const byHand = { text: f('try.by_hand'), line: { start: flow }, key: `start:${flow}` };
  return found.length > 0 && found.some(isSure) ? found : [...found, byHand];
}

function startOf(trigger: Trigger, flow: string): Start[] {
  if (trigger.kind === 'follow')
    return [{ text: triggerText(trigger), line: { event: 'follow' }, key: 'event:follow' }];
  if (trigger.kind === 'schedule')
    return [{ text: triggerText(trigger), line: { schedule: flow }, key: `schedule:${flow}` }];
  const key = KEY_OF[trigger.kind];
  const text = trigger.texts[0];
  if (key === undefined || text === undefined) return [];
  return [{ text: triggerText(trigger), line: { [key]: text }, key: `${key}:${text}` }];
}

/** Events may have to wait, and conditions may stand before them: then starting by hand helps. */
const isSure = (start: Start): boolean => /^(event:follow|user:|postback:)/.test(start.key);
