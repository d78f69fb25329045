import { describe, expect, test } from 'vitest';
import type { Handoff, Run } from '../src/desk/rows';
import { Shelf } from '../src/desk/shelf';
import { itemsOf } from '../src/desk/talk';
import { Clock } from '../src/desk/time';
import { openQuestion, questionAt } from '../src/screen/place';
import { timelineLines } from '../src/screen/timeline';
import { sayIn } from '../src/words/words';
import { AT, aMessage } from './given';

const t = sayIn('ja');
const LATER = '2026-11-24T01:30:00.000Z';

const run: Run = {
  id: 'r1',
  conversation_id: 'c1',
  flow: 'welcome',
  title: 'アンケート',
  version: 1,
  row_version: 1,
  step: 'first_visit',
  status: 'going',
  end: null,
  started_at: AT,
  ended_at: null,
};

const aHandoff = (change: Partial<Handoff>): Handoff => ({
  id: 'h1',
  conversation_id: 'c1',
  queue: '受付',
  asked_at: AT,
  notify_at: null,
  taken_at: null,
  first_due_at: null,
  first_replied_at: null,
  resolved_at: null,
  reason: { kind: 'step' },
  note: null,
  answers: [],
  open_question: null,
  ...change,
});

function aShelf() {
  const shelf = new Shelf();
  const origin = { flow: 'welcome', step: 'first_visit' };
  const asked = [
    aMessage({ seq: 1, sender: 'bot', origin: { ...origin, step: 'hello' }, text: 'ようこそ' }),
    aMessage({ seq: 2, sender: 'bot', origin, text: 'ご来店は初めてですか?' }),
    aMessage({ seq: 3, text: 'えっと' }),
    aMessage({ seq: 4, sender: 'bot', origin, text: '下のボタンから選んでください。', at: LATER }),
  ];
  shelf.putPage('c1', asked, false, 1);
  shelf.putRun(run);
  return shelf;
}

describe('where the bot stands', () => {
  test('is told by what it asked there first, not by the name of the step', () => {
    const shelf = aShelf();

    expect(questionAt(shelf, run)).toBe('ご来店は初めてですか?');
    expect(questionAt(shelf, { ...run, started_at: LATER })).toBe('下のボタンから選んでください。');
    expect(questionAt(shelf, { ...run, step: 'elsewhere' })).toBeNull();
  });

  test('is no question where it hands over, unless the handoff keeps one', () => {
    const shelf = aShelf();
    shelf.putHandoff(aHandoff({}), 2);
    expect([questionAt(shelf, run), openQuestion(shelf, 'c1')]).toEqual([null, null]);

    shelf.putHandoff(aHandoff({ open_question: 'いつがよろしいですか?' }), 3);
    expect(openQuestion(shelf, 'c1')).toBe('いつがよろしいですか?');
  });
});

test('a packet of which only the asking is known does not say that it waits', () => {
  const shelf = new Shelf();
  const content = (handoff: Handoff) => ({ activity: 'handed_off', handoff });
  const lines = [aHandoff({ id: 'h1' }), aHandoff({ id: 'h2' })].map((handoff, index) =>
    aMessage({ seq: index + 1, sender: 'system', content: content(handoff) }),
  );
  shelf.putPage('c1', lines, false, 1);
  shelf.putHandoff(aHandoff({ id: 'h2', taken_at: LATER }), 2);

  const packets = itemsOf(shelf.talks.get('c1')!, new Clock('Asia/Tokyo', 'ja')).filter(
    (item) => item.kind === 'handoff',
  );

  expect(packets.map((item) => item.isPast)).toEqual([true, false]);
});

test('a history says once that a talk waits, and again after somebody had it', () => {
  const kinds = ['waiting', 'resolved', 'waiting', 'unknown', 'waiting'];
  const items = kinds.map((kind) => ({
    at: AT,
    kind: `conversation.${kind}`,
    actor: { kind: 'operator' as const, name: '見本スタッフA' },
    conversation_id: 'c1',
    data: {},
  }));

  expect(timelineLines(items, t, { operator: () => null, fields: [] })).toHaveLength(3);
});
