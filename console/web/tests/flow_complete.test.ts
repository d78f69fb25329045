import { expect, test } from 'vitest';
import { offersAt } from '../src/flows/complete';
import type { Keys, Names } from '../src/flows/rows';

const names: Names = {
  steps: ['first', 'later'],
  tags: ['新規', 'VIP'],
  fields: ['phone'],
  queues: ['受付'],
  flows: ['booking'],
  vars: ['score'],
  links: ['howto'],
};
const keys: Keys = {
  flow: ['flow', 'title', 'start', 'steps'],
  steps: { say: ['say', 'id', 'goto'], ask: ['ask', 'id', 'choices', 'save', 'timeout'] },
  way: ['tag', 'say', 'goto'],
  trigger: ['keyword', 'postback'],
  types: ['text', 'date'],
};
const HEAD = ['flow: a', 'title: 見本', 'steps:', '  - ask: はい?', '    id: first'];

const labels = (...lines: string[]) => offersAt(lines, names, keys)?.offers.map((one) => one.label);

test('goto offers the steps, tag the tags, also inside a list', () => {
  expect(labels(...HEAD, '    goto: ')).toEqual(['first', 'later']);
  expect(labels(...HEAD, '    choices: [{はい: {tag: ')).toEqual(['新規', 'VIP']);
  expect(labels(...HEAD, '    tag: [新規, ')).toEqual(['新規', 'VIP']);
});

test('what is typed of a word is replaced by the chosen one', () => {
  expect(offersAt([...HEAD, '    goto: la'], names, keys)?.length).toBe(2);
});

test('paths offer their names, in templates and in conditions', () => {
  expect(labels(...HEAD, '    save: ')).toEqual(['field.phone']);
  expect(labels(...HEAD, '    only_if: {field.')).toEqual(['phone']);
  expect(labels(...HEAD, '  - say: こんにちは {{answer.')).toEqual(['first', 'later']);
  expect(labels(...HEAD, '  - say: {{')).toContain('link.howto');
});

test('keys are those of the verb, without those that are there', () => {
  expect(labels(...HEAD, '    ')).toEqual(['choices', 'save', 'timeout']);
  expect(labels('flow: a', '')).toEqual(['title', 'start', 'steps']);
  expect(labels(...HEAD, '  - ')).toContain('say');
  expect(labels(...HEAD, '    choices:', '      - はい: {')).toEqual(['tag', 'say', 'goto']);
  expect(labels('flow: a', 'start: [{')).toEqual(['keyword', 'postback']);
});

test('a condition offers what can be compared, and nothing that is done', () => {
  expect(labels(...HEAD, '    only_if: {')).toEqual([
    ...['tag', 'name', 'message', 'business_hours', 'segment', 'any', 'all', 'not'],
    ...['field.phone', 'answer.first', 'answer.later', 'var.score'],
  ]);
  expect(labels(...HEAD, '  - switch:', '      - when: {tag: VIP, ')).toContain('any');
  expect(labels(...HEAD, '    only_if: {tag: ')).toEqual(['新規', 'VIP']);
  expect(labels(...HEAD, '    choices: [{はい: {only_if: {tag: VIP}, ')).toEqual(['tag', 'say', 'goto']);
});

test('a type offers the types, and a title nothing', () => {
  expect(labels(...HEAD, '    type: ')).toEqual(['text', 'date']);
  expect(labels('title: ')).toBeUndefined();
});
