import { describe, expect, test } from 'vitest';
import { over, plainWords } from '../src/counter/plain';
import type { Rule } from '../src/counter/rows';
import { en } from '../src/counter/words_en';
import { ja, type CounterWord } from '../src/counter/words_ja';
import { activityLine, faqLines } from '../src/screen/lines';
import type { Handoff } from '../src/desk/rows';
import { fillIn, sayIn } from '../src/words/words';

const OFF: Rule = {
  first_minutes: null,
  next_minutes: null,
  hours: null,
  assign: null,
  most_open: null,
  return_minutes: null,
  reopen_minutes: null,
  reopen_to: null,
};
const say =
  (words: Record<CounterWord, string>) =>
  (word: CounterWord, params: Record<string, string | number> = {}) =>
    fillIn(words[word], params);

describe('a rule in plain words', () => {
  test('says what is off', () => {
    expect(plainWords(OFF, say(ja), '、')).toEqual([
      '最初の返信の目標はありません。',
      '次からの返信の目標はありません。',
      'トークは、だれかが担当するまで受付先で待ちます。',
      'ボットへは、スタッフが戻します。',
      '対応済みのあとの続きは、アカウントの設定の時間のうちなら、前の担当者に戻ります。',
    ]);
  });

  test('says what is on, in both languages', () => {
    const rule: Rule = {
      ...OFF,
      first_minutes: 15,
      assign: ['owner', 'least_busy'],
      most_open: 5,
      return_minutes: 60,
      reopen_minutes: 0,
    };
    expect(plainWords(rule, say(ja), '、')).toContain(
      '待っているトークを自動で割り当てます: 主担当、手の空いている人。1人5件までです。',
    );
    expect(plainWords(rule, say(en), ', ')).toContain(
      'The first response is due within 15 minutes of business hours; the list warns before.',
    );
    expect(plainWords(rule, say(en), ', ').at(-1)).toBe(
      'After a conversation is done, the bot always answers.',
    );
  });

  test("a queue has the house's values where it has none, and 0 is its own", () => {
    const house: Rule = { ...OFF, first_minutes: 15, next_minutes: 60, assign: ['owner'] };
    const merged = over({ ...OFF, first_minutes: 0, assign: [] }, house);
    expect(merged).toEqual({ ...OFF, first_minutes: 0, next_minutes: 60, assign: [] });
  });

  test('both languages have the same words', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
  });
});

describe('what the product writes into a talk', () => {
  const line = (content: Record<string, unknown>) => activityLine(content, sayIn('ja'), (at) => at);

  test('who was given it, and why', () => {
    const content = { activity: 'assigned_by_rule', operator: '見本A', way: 'sticky' };
    expect(line(content)).toBe('見本Aさんに自動で割り当てました(最後に返信したため)');
  });

  test('where the bot goes on', () => {
    const returned = { activity: 'returned', operator: null };
    expect(line({ ...returned, question: '予約日は?' })).toBe(
      '返信がないため、ボットに戻りました(「予約日は?」から再開)',
    );
    expect(line({ ...returned, flow: 'ご予約' })).toContain('(フロー「ご予約」の続きから再開)');
    expect(line(returned)).toBe('返信がないため、ボットに戻りました');
  });

  test('what the FAQ tried before', () => {
    const faq = [
      { outcome: 'declined', entry: null },
      { outcome: 'unknown', entry: null },
    ];
    const handoff = { reason: { kind: 'faq_unknown', faq } } as unknown as Handoff;
    expect(faqLines(handoff, sayIn('ja'))).toEqual([
      '候補を案内しましたが、合わないとの返事でした',
      '近い答えがありませんでした',
    ]);
    expect(faqLines({ reason: {} } as Handoff, sayIn('ja'))).toEqual([]);
  });
});
