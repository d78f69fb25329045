import { describe, expect, test } from 'vitest';
import { offersOf, pickedLabel } from '../src/desk/line';
import type { Handoff, Message, Note, TimelineItem } from '../src/desk/rows';
import { Shelf } from '../src/desk/shelf';
import { sizeOfSet } from '../src/desk/groups';
import { firstUnseen, itemsOf, newestSeq } from '../src/desk/talk';
import { Clock } from '../src/desk/time';
import { deliveryLine, deliveryReason, maySendAnyway, mayWriteAnew } from '../src/screen/delivery';
import { activityLine } from '../src/screen/lines';
import { timelineLines } from '../src/screen/timeline';
import { sayIn } from '../src/words/words';
import { AT, aMessage } from './given';

const clock = new Clock('Asia/Tokyo', 'ja');
const t = sayIn('ja');

function aTalk(messages: Message[]) {
  const shelf = new Shelf();
  shelf.putPage('c1', messages, false, 1);
  return { shelf, talk: shelf.talks.get('c1')! };
}

const menu = {
  type: 'text',
  text: 'メニュー',
  quickReply: {
    items: [
      { action: { type: 'postback', label: 'カット', data: 'v=0', displayText: 'カット' } },
      { action: { type: 'message', label: 'カラー', text: 'カラーがいいです' } },
    ],
  },
};

describe('a talk as it is drawn', () => {
  test('begins each day with its date', () => {
    const { talk } = aTalk([
      aMessage({ seq: 1, at: '2026-11-23T14:59:00Z' }),
      aMessage({ seq: 2, at: '2026-11-23T15:01:00Z' }), // past midnight in Tokyo
    ]);

    expect(itemsOf(talk, clock).map((item) => item.kind)).toEqual([
      'day',
      'message',
      'day',
      'message',
    ]);
  });

  test('puts a note where it was written, without moving any line', () => {
    const { shelf, talk } = aTalk([
      aMessage({ seq: 1, at: '2026-11-24T01:00:00Z' }),
      aMessage({ seq: 2, at: '2026-11-24T01:10:00Z' }),
    ]);
    const note = { id: 'n', conversation_id: 'c1', at: '2026-11-24T01:05:00Z' } as Note;
    shelf.putNote(note, 2);

    expect(itemsOf(talk, clock).map((item) => item.key)).toEqual(['dm1', 'm1', 'nn', 'm2']);
  });

  test('shows the handoff packet where it happened, as the handoff is now', () => {
    const handoff = { id: 'h', conversation_id: 'c1', taken_at: null } as Handoff;
    const content = { activity: 'handed_off', handoff };
    const { shelf, talk } = aTalk([aMessage({ sender: 'system', kind: 'activity', content })]);
    shelf.putHandoff({ ...handoff, taken_at: '2026-11-24T01:30:00Z' }, 5);

    const packet = itemsOf(talk, clock).find((item) => item.kind === 'handoff');

    expect(packet).toMatchObject({ handoff: { taken_at: '2026-11-24T01:30:00Z' } });
  });

  test('marks the offer that the customer picked', () => {
    const tap = { kind: 'postback', text: null, content: { postback: { data: 'v=0' } } };
    const { talk } = aTalk([
      aMessage({ seq: 1, sender: 'bot', content: menu }),
      aMessage({ seq: 2, ...tap }),
    ]);

    expect(itemsOf(talk, clock)).toContainEqual(expect.objectContaining({ picked: 'カット' }));
  });

  test('draws the pictures of a set as one, in their order, and one that was taken back alone', () => {
    const picture = (seq: number, index: number, change = {}) =>
      aMessage({ seq, kind: 'image', content: { imageSet: { id: 's', index, total: 3 } }, ...change });
    const { talk } = aTalk([picture(1, 2), picture(2, 1), picture(3, 3, { unsent_at: AT })]);

    const drawn = itemsOf(talk, clock).filter((item) => item.kind === 'message');

    expect(drawn.map((item) => [item.key, item.set.map((one) => one.seq)])).toEqual([
      ['m1', [2, 1]],
      ['m3', [3]],
    ]);
    expect(sizeOfSet(drawn[0]!.message)).toBe(3);
  });

  test('knows what one said in one breath, and what another said in between', () => {
    const at = (minute: number) => `2026-11-24T01:${String(minute).padStart(2, '0')}:00Z`;
    const { talk } = aTalk([
      aMessage({ seq: 1, at: at(0) }),
      aMessage({ seq: 2, at: at(1) }),
      aMessage({ seq: 3, at: at(20) }), // a new breath
      aMessage({ seq: 4, at: at(21), sender: 'bot' }),
      aMessage({ seq: 5, at: at(21), kind: 'beacon' }),
    ]);

    const drawn = itemsOf(talk, clock).filter((item) => item.kind === 'message');

    expect(drawn.map((item) => [item.isLed, item.isFollowed])).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });

  test('marks from where on the staff had not seen it, counting only what was said', () => {
    const { talk } = aTalk([
      aMessage({ seq: 1 }),
      aMessage({ seq: 2 }),
      aMessage({ seq: 3, kind: 'beacon' }),
      aMessage({ seq: 4, sender: 'bot' }),
      aMessage({ seq: 5 }),
    ]);

    expect(firstUnseen(talk, 2)).toBe(2);
    expect(firstUnseen(talk, 9)).toBeNull(); // further back than what is kept
    expect(itemsOf(talk, clock, 2).map((item) => item.key)).toEqual(
      ['dm1', 'm1', 'unseen', 'm2', 'm3', 'm4', 'm5'],
    );
  });

  test('knows the newest line, and none of an empty talk', () => {
    expect(newestSeq(aTalk([aMessage({ seq: 7 })]).talk)).toBe(7);
    expect(newestSeq(undefined)).toBe(0);
  });
});

describe('offers', () => {
  test('are picked by data or by words, never by guess', () => {
    const offers = offersOf(menu);
    expect(pickedLabel(aMessage({ text: 'カラーがいいです' }), offers)).toBe('カラー');
    expect(pickedLabel(aMessage({ text: 'パーマ' }), offers)).toBeNull();
  });

  test('of an unknown shape are none', () => {
    expect(offersOf({ quickReply: 'nonsense', template: { actions: [null, 3] } })).toEqual([]);
  });
});

describe('lines in words', () => {
  const moment = () => '11月25日 09:00';

  test('are rendered from kind and parameters', () => {
    const assigned = { activity: 'assigned', by: '見本スタッフA', operator: '見本スタッフB' };
    expect(activityLine(assigned, t, moment)).toBe(
      '見本スタッフAさんが担当を見本スタッフBさんに引き継ぎました',
    );
    expect(activityLine({ activity: 'resolved', operator: null }, t, moment)).toBe(
      'スタッフが対応済みにしました',
    );
    expect(activityLine({ activity: 'returned', operator: null }, t, moment)).toBe(
      '返信がないため、ボットに戻りました',
    );
    expect(activityLine({ activity: 'something_new' }, t, moment)).toBe('記録: something_new');
  });

  test('tell what became of a message and what it cost', () => {
    expect(deliveryLine(aMessage({ delivery: 'sent', cost: 'free' }), t)).toBe('送信済み・無料');
    expect(deliveryLine(aMessage({ delivery: 'cancelled', cost: 'push' }), t)).toBe(
      '送信を取りやめました',
    );
    expect(deliveryLine(aMessage({ delivery: 'pending', delivery_reason: 'timeout' }), t)).toBe(
      '送信確認中',
    );
  });

  test('say why a message was not sent, and offer another try only where nobody knows', () => {
    const failed = (change: Partial<Message>) => aMessage({ delivery_id: 1, ...change });
    const limit = failed({
      delivery: 'rejected',
      delivery_reason: 'You have reached your monthly limit.',
    });
    const lost = failed({ delivery: 'maybe_sent', delivery_reason: 'ReadTimeout' });
    const again = failed({ delivery: 'maybe_sent', delivery_reason: 'sent_again' });

    expect(deliveryReason(limit, t)).toContain('残り通数がありません');
    expect(deliveryReason(lost, t)).toBe('LINEから応答がありませんでした');
    expect([limit, lost, again].map(maySendAnyway)).toEqual([false, true, false]);
    const ours = [limit, lost].map((message) => ({ ...message, sender: 'operator' as const }));
    expect(ours.map(mayWriteAnew)).toEqual([true, false]);
    expect(mayWriteAnew({ ...limit, sender: 'bot' })).toBe(false);
  });
});

describe('a history in words', () => {
  const names = {
    operator: (id: string) => (id === 'o1' ? '見本スタッフA' : null),
    fields: [{ key: 'age', title: '年代', type: 'choice', options: ['20代'], personal: false }],
  };
  const item = (kind: string, data: Record<string, unknown>): TimelineItem => ({
    at: '2026-11-24T01:00:00Z',
    kind,
    actor: { kind: 'operator', name: '見本スタッフA' },
    conversation_id: null,
    data,
  });

  test('tells a run when it begins and when it ends, not at each step', () => {
    const run = { id: 'r1', title: 'アンケート' };
    const ended = { ...run, ended_at: '2026-11-24T01:00:00Z' };
    const items = [ended, run, run].map((row) => item('run.changed', { run: row }));

    expect(timelineLines(items, t, names).map((line) => line.words)).toEqual([
      'フロー「アンケート」が終わった',
      'フロー「アンケート」が始まった',
    ]);
  });

  test('names what changed on the card, and leaves out what has no words', () => {
    const items = [
      item('customer.changed', { change: { fields: { age: '20代' } } }),
      item('customer.changed', { change: { owner_id: 'o1' } }),
      item('customer.tagged', { change: { tag: 'VIP' } }),
      item('customer.changed', {}),
      item('something.new', {}),
    ];

    expect(timelineLines(items, t, names).map((line) => line.words)).toEqual([
      '友だち情報 年代: 20代',
      '主担当: 見本スタッフA',
      'タグ「VIP」が付いた',
    ]);
  });
});

describe('a failure of ours', () => {
  test('is a sentence that says what to make of it, and never an exception', () => {
    const line = (text: string) => activityLine({ activity: 'trouble', text }, t, String);

    for (const reason of ['RuntimeError', 'OperationalError: 見本の住所', 'restored from a backup']) {
      expect(line(reason)).toMatch(/お客様の操作を1つ処理し?/u);
      expect(line(reason)).not.toContain('見本の住所');
      expect(line(reason)).not.toContain('Error');
    }
    expect(line('フロー「予約」が続けられません')).toContain('フロー「予約」が続けられません');
  });
});
