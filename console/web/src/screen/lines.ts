/** Lines put into words when they are shown: what is stored is a kind and its parameters. */

import type { Content, Conversation, Handoff, Message } from '../desk/rows';
import { altText, record, SAYS_NOTHING } from '../desk/line';
import { waited } from '../desk/time';
import { findWord, type Say, type Word } from '../words/words';
import { troubleLine } from './trouble';

export function waitWords(since: string, now: number, t: Say): string {
  const { unit, count } = waited(since, now);
  return t(`wait.${unit}`, { count });
}

/** The last line of a talk, for the list. */
export function lastLine(row: Conversation, t: Say): string {
  const last = row.last_message;
  if (last === null) return '';
  if (last.kind === 'unsent') return t('kind.unsent');
  const who =
    last.sender === 'bot' || last.sender === 'operator' ? `${t(`sender.${last.sender}`)}: ` : '';
  if (last.kind === 'text' || last.kind === 'textV2') return who + (last.text ?? '');
  const kind = kindWord(last.kind, t);
  if (SAYS_NOTHING.has(last.kind)) return kind;
  return who + (last.text ? `[${kind}] ${last.text}` : `[${kind}]`);
}

/** A person in a sentence: colleagues like customers. Lists and records have the bare name. */
export function named(name: unknown, t: Say): string {
  return typeof name === 'string' && name !== '' ? t('app.honorific', { name }) : t('act.somebody');
}

/** Whose message it is, in a sentence. customer: their name, where the sentence has it. */
export function speaker({ sender, operator_name }: Message, t: Say, customer = ''): string {
  if (sender === 'bot' || sender === 'system') return t('sender.bot');
  const name = sender === 'operator' ? operator_name : customer;
  return name ? named(name, t) : t(`sender.${sender}`);
}

export function kindWord(kind: string, t: Say): string {
  const word = findWord(`kind.${kind}`);
  return word === null ? t('kind.unknown', { kind }) : t(word);
}

/** A bubble's words, when it has any. */
export function bubbleText(message: Message): string | null {
  return message.text ?? altText(message.content);
}

/** What a sticker is called: words that LINE or our own list have of it. */
export function stickerLine(words: readonly string[], t: Say): string {
  return words.length > 0 ? `${t('kind.sticker')}: ${words.join(t('between.dot'))}` : t('kind.sticker');
}

/** A line of the product's own. */
export function activityLine(content: Content, t: Say, moment: (at: string) => string): string {
  const kind = String(content.activity ?? content.kind ?? '');
  const word = activityWord(kind, content);
  if (word === null) return t('act.unknown', { kind });
  const line = t(word, paramsOf(content, t, moment));
  if (kind !== 'returned') return line;
  if (typeof content.question === 'string') return t('act.goes_on', { line, question: content.question });
  return typeof content.flow === 'string' ? t('act.goes_on_flow', { line, flow: content.flow }) : line;
}

function activityWord(kind: string, content: Content): Word | null {
  if (kind === 'assigned' && content.operator == null) return 'act.unassigned';
  if (kind === 'returned' && content.operator == null) return 'act.returned_rule';
  return findWord(`act.${kind}`);
}

function paramsOf(content: Content, t: Say, moment: (at: string) => string) {
  const text = (key: string, otherwise: string) =>
    typeof content[key] === 'string' ? content[key] : otherwise;
  return {
    operator: named(content.operator, t),
    by: named(content.by, t),
    queue: text('queue', '—'),
    until: typeof content.until === 'string' ? moment(content.until) : '',
    text: troubleLine(text('text', ''), t),
    way: wayWords(content, t),
    title: text('title', text('flow', '')),
  };
}

/** By which way the rule found somebody. */
function wayWords(content: Content, t: Say): string {
  const word = findWord(`way_of.${String(content.way)}`);
  return word === null ? String(content.way ?? '') : t(word);
}

/** What the FAQ has tried before a person was asked, one line each. */
export function faqLines(handoff: Handoff, t: Say): string[] {
  const tried = Array.isArray(handoff.reason.faq) ? handoff.reason.faq.map(record) : [];
  return tried.map((one) => {
    const entry = typeof one.entry === 'string' ? one.entry : null;
    const word = findWord(`faq_tried.${String(one.outcome)}${entry === null ? '' : '_entry'}`);
    return word === null ? t('faq_tried.unknown') : t(word, { entry: entry ?? '' });
  });
}

/** Why a person is needed. */
export function reasonLine(handoff: Handoff, t: Say): string {
  const kind = String(handoff.reason.kind ?? '');
  const title = flowTitle(handoff.reason);
  if (kind === 'step' && title === '') return t('reason.step_plain');
  const word = findWord(`reason.${kind}`);
  return word === null ? t('reason.other', { kind }) : t(word, { title });
}

function flowTitle(reason: Content): string {
  const title = reason.title ?? reason.flow;
  return typeof title === 'string' ? title : '';
}

/** Why a customer has a tag. */
export function whyLine(
  tag: { tag: string; at: string; reason: Content },
  t: Say,
  moment: (at: string) => string,
  nameOf: (id: string) => string | null,
  asked: string | null = null,
): string {
  const reason = record(tag.reason);
  const shown = { tag: tag.tag, time: moment(tag.at) };
  const text = (key: string) => (reason[key] == null ? '' : String(reason[key]));
  const version = reason.version == null ? '' : `v${String(reason.version)}`;
  const flow = text('title') || text('flow');
  if (flow !== '' && text('answer') !== '')
    return t('why.flow', {
      ...shown,
      flow,
      version,
      step: text('question') || asked || text('step'),
      answer: text('answer'),
    });
  if (flow !== '') return t('why.flow_plain', { ...shown, flow, version });
  if (reason.operator_id != null)
    return t('why.operator', { ...shown, name: named(nameOf(text('operator_id')) ?? text('operator_name'), t) });
  if (reason.rule != null) return t('why.rule', { ...shown, rule: text('rule') });
  if (reason.import != null) return t('why.import', { ...shown, import: text('import') });
  return t('why.unknown', shown);
}
