/** Triggers, ways and timers in words. */

import { t } from '../state/settings.svelte';
import type { Edge, TrialFrame, Trigger } from './rows';
import { f, findFlowWord } from './words';

const LONGEST_LABEL = 16;

export function triggerText(trigger: Trigger): string {
  const texts = trigger.texts.join(t('between.dot'));
  const kind = trigger.match === 'exact' ? trigger.kind : `${trigger.kind}_${trigger.match}`;
  return (
    findFlowWord(`start.${kind}`, { texts }) ??
    findFlowWord(`start.${trigger.kind}`, { texts }) ??
    [trigger.kind, texts].join(' ')
  );
}

/** What stands on a line of the picture; the manager's own words first. */
export function wayText(edge: Edge): string {
  return findFlowWord(`way.${edge.kind}`, { text: edge.text }) ?? edge.text;
}

export function shortened(text: string, longest = LONGEST_LABEL): string {
  const signs = [...text];
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join('')}…`;
}

export function verbText(verb: string): string {
  return findFlowWord(`verb.${verb}`) ?? verb;
}

export function timerText(name: string, time: string): string {
  const kind = name.split(':')[0] ?? '';
  return findFlowWord(`timer.${kind}`, { time }) ?? f('timer.other', { time });
}

export function answerText(answer: TrialFrame['answers'][number]): string {
  if (answer.status === null) return answer.value;
  return findFlowWord(`answer.${answer.status}`) ?? answer.status;
}

/** `1d12h` in words. */
export function lengthText(length: string): string {
  return length.replace(/(\d+)([mhdw])/g, (whole, count: string, unit: string) =>
    findFlowWord(`try.unit.${unit}`, { count }) ?? whole,
  );
}
