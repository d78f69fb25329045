import { describe, expect, test } from 'vitest';
import { deliveryState } from '../src/screen/delivery';
import { deedWords } from '../src/talk/deeds';
import { isToldBelow, originWords, voiceWords } from '../src/talk/fate';
import { isBare } from '../src/talk/kinds';
import { lengthWords } from '../src/talk/length';
import { daysLater, shifted, weeksOf } from '../src/talk/month';
import { pictureAddress, picturesOf, saveAddress } from '../src/talk/pictures';
import { emojiAddress, piecesOf, stickerAddress } from '../src/talk/pieces';
import { quotedLine, quotes } from '../src/talk/quotes';
import { leavesOf, mapTaps, openable } from '../src/talk/templates';
import { en } from '../src/talk/words_en';
import { ja, type TalkWord } from '../src/talk/words_ja';
import { moved, WHOLE, zoomed } from '../src/talk/zoom';
import { Shelf } from '../src/desk/shelf';
import type { Media } from '../src/desk/rows';
import { fillIn, sayIn, type Params } from '../src/words/words';
import { aMessage } from './given';

const t = sayIn('ja');
const w = (word: TalkWord, params: Params = {}) => fillIn(ja[word], params);
const words = (text: string, content = {}) => piecesOf(text, content);

const media = (change: Partial<Media>): Media => ({
  id: 'f1',
  state: 'ready',
  mime: 'image/png',
  file_name: null,
  size_bytes: 9,
  ...change,
});

describe('a text in pieces', () => {
  test('together they are the text, whatever stands in it', () => {
    for (const text of ['', 'はい', 'a https://example.com/あ?b=1, c', '😀 http://x.test)。次'])
      expect(words(text).map((piece) => piece.text).join('')).toBe(text);
  });

  test('opens addresses of pages, without the dot that ends the sentence, and nothing else', () => {
    expect(words('見て https://example.com/a?b=1。次')[1]).toEqual({
      kind: 'link',
      text: 'https://example.com/a?b=1',
      address: 'https://example.com/a?b=1',
    });
    expect(words('See https://example.com/a.')[1]).toMatchObject({ text: 'https://example.com/a' });
    for (const text of ['javascript:alert(1)', 'data:text/html,a', 'ftp://a.test', 'https://'])
      expect(words(text).every((piece) => piece.kind === 'text')).toBe(true);
  });

  test('shows an emoji of LINE in its place, counted in UTF-16 units', () => {
    const emojis = [{ index: 3, length: 7, productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' }];

    expect(words('😀a(hello)b', { emojis })).toEqual([
      { kind: 'text', text: '😀a' },
      { kind: 'emoji', text: '(hello)', product: '5ac1bfd5040ab15980c9b435', emoji: '001' },
      { kind: 'text', text: 'b' },
    ]);
    expect(words('短い', { emojis })).toEqual([{ kind: 'text', text: '短い' }]);
  });

  test('marks mentions, and leaves overlapping places to the first', () => {
    const mention = { mentionees: [{ index: 0, length: 5, type: 'all' }, { index: 2, length: 9 }] };

    expect(words('@All こんにちは、お店', { mention })[0]).toEqual({ kind: 'mention', text: '@All ' });
  });

  test('fills the places of a textV2', () => {
    const content = {
      type: 'textV2',
      substitution: {
        you: { type: 'mention', mentionee: { type: 'all' } },
        smile: { type: 'emoji', productId: 'ab12', emojiId: '002' },
      },
    };

    expect(piecesOf('{you} {{x}} {smile}', content).map((piece) => [piece.kind, piece.text])).toEqual([
      ['mention', '@All'],
      ['text', ' '],
      ['text', '{'],
      ['text', 'x'],
      ['text', '}'],
      ['text', ' '],
      ['emoji', '{smile}'],
    ]);
  });

  test('makes no address of an id that is none', () => {
    expect(emojiAddress('5ac1', '001')).toContain('/5ac1/android/001.png');
    expect(emojiAddress('../x', '001')).toBeNull();
    expect(stickerAddress({ stickerId: '1988' })).toContain('/1988/');
    expect(stickerAddress({ stickerId: '1/../2' })).toBeNull();
  });
});

describe('what happened beside talking', () => {
  test('is told by its kind and values, and plainly where nobody knows it', () => {
    const deed = (kind: string, content: object) =>
      deedWords(aMessage({ kind, content: { webhookEventId: 'e', ...content } }), t, w);

    expect(deed('beacon', { beacon: { type: 'enter' } })).toBe('ビーコンの近くに来ました');
    expect(deed('beacon', { beacon: { type: 'new' } })).toBe('ビーコンに反応しました');
    expect(deed('accountLink', { link: { result: 'failed' } })).toBe('アカウント連携に失敗しました');
    expect(deed('membership', { membership: { type: 'renewed' } })).toBe(
      'メンバーシップを更新しました',
    );
    expect(deed('things', { things: { type: 'link' } })).toBe('LINE Thingsの機器をつなぎました');
    expect(deed('telepathy', {})).toContain('telepathy');
    expect(deedWords(aMessage({ kind: 'follow', content: { isUnblocked: true } }), t, w)).toBe(
      'お客様がブロックを解除しました',
    );
    expect(deedWords(aMessage({ kind: 'unfollow' }), t, w)).toBe('お客様がブロックしました');
    expect(deedWords(aMessage(), t, w)).toBeNull();
  });
});

describe('who said it, and what became of it', () => {
  const origin = { flow: 'booking', title: '予約', version: 3, step: '日付' };

  test('a line of the bot names its flow, version and step', () => {
    expect(voiceWords(aMessage({ sender: 'bot', origin }), t, w)).toBe(
      'ボット・フロー「予約」v3 手順「日付」',
    );
    expect(originWords(aMessage({ origin: { flow: 'x', step: '_2' } }), w)).toBe('フロー「x」');
    expect(voiceWords(aMessage({ sender: 'bot' }), t, w)).toBe('ボット');
    expect(voiceWords(aMessage(), t, w)).toBe('');
  });

  test('lines of one breath tell their fate once, unless it differs', () => {
    const sent = { sender: 'bot', delivery: 'sent', cost: 'free' } as const;
    const [a, b] = [aMessage({ ...sent, seq: 1 }), aMessage({ ...sent, seq: 2 })];

    expect(isToldBelow(a, b, t)).toBe(true);
    expect(isToldBelow(a, { ...b, cost: 'push' }, t)).toBe(false);
    expect(isToldBelow({ ...a, edited_at: a.at }, b, t)).toBe(false);
    expect(isToldBelow(a, undefined, t)).toBe(false);
    expect(deliveryState(a, t)).toBe('送信済み');
  });
});

describe('files', () => {
  test('only a picture that is one, and is here, is shown', () => {
    expect(pictureAddress(aMessage({ kind: 'image', media: media({}) }))).toBe('/media/f1');
    const others = [
      { media: media({ state: 'pending' }) },
      { media: media({ mime: 'image/heic' }) },
      { media: media({ mime: 'text/html' }) },
      { media: media({}), unsent_at: '2026-11-24T01:00:00Z' },
      { content: { originalContentUrl: 'https://example.com/a.png' }, sender: 'bot' as const },
      { content: { originalContentUrl: 'javascript:alert(1)' }, sender: 'bot' as const },
    ];
    for (const change of others)
      expect(pictureAddress(aMessage({ kind: 'image', ...change }))).toBeNull();
  });

  test('the viewer goes through the pictures in the order of the talk', () => {
    const shelf = new Shelf();
    const picture = (seq: number) => aMessage({ seq, kind: 'image', media: media({ id: `f${seq}` }) });
    shelf.putPage('c1', [picture(3), aMessage({ seq: 4 }), picture(5)], false, 1);

    expect(picturesOf(shelf.talks.get('c1')).map((one) => one.seq)).toEqual([3, 5]);
  });

  test('a file is saved as a file', () => {
    expect(saveAddress(aMessage({ media: media({}) }))).toBe('/media/f1?download');
    expect(saveAddress(aMessage({ media: media({ state: 'failed' }) }))).toBeNull();
  });

  test('lengths are told as people read them', () => {
    expect(lengthWords({ duration: 65_400 })).toBe('1:05');
    expect(lengthWords({ duration: 3_723_000 })).toBe('1:02:03');
    expect(lengthWords({ duration: 'long' })).toBeNull();
  });
});

describe('quotes', () => {
  test('a quoted line is found among what is kept, and one that is unknown is known to be', () => {
    const shelf = new Shelf();
    shelf.putPage('c1', [aMessage({ seq: 2, text: '元の文' }), aMessage({ seq: 3 })], false, 1);
    const talk = shelf.talks.get('c1');

    expect(quotedLine(aMessage({ seq: 3, quoted_seq: 2 }), talk)?.text).toBe('元の文');
    expect(quotes(aMessage({ content: { quotedMessageId: '9' } }))).toBe(true);
    expect(quotes(aMessage({ content: { quoteToken: 'own' } }))).toBe(false);
    expect(quotes(aMessage({ sender: 'operator', content: { quoteToken: 'of another' } }))).toBe(true);
  });
});

describe('cards', () => {
  test('a template is read in leaves, a picture map in areas', () => {
    const actions = [{ type: 'uri', label: '見る', uri: 'https://example.com' }, { type: 'postback', label: 'はい' }];
    const columns = [{ text: 'A', actions }, { imageUrl: 'https://example.com/b.png', action: actions[1] }];

    expect(leavesOf({ template: { type: 'confirm', text: 'よいですか', actions } })).toMatchObject([
      { text: 'よいですか', taps: [{ label: '見る', address: 'https://example.com' }, { address: null }] },
    ]);
    expect(leavesOf({ template: { columns } })).toMatchObject([
      { text: 'A' },
      { picture: 'https://example.com/b.png', taps: [{ label: 'はい' }] },
    ]);
    expect(mapTaps({ actions: [{ type: 'uri', linkUri: 'https://example.com/x' }] })).toEqual([
      { label: 'https://example.com/x', address: 'https://example.com/x' },
    ]);
    expect(openable('javascript:alert(1)')).toBeNull();
    expect(leavesOf({})).toHaveLength(1);
  });

  test('what has a shape of its own has no bubble around it', () => {
    expect(isBare(aMessage({ kind: 'template' }))).toBe(true);
    expect(isBare(aMessage())).toBe(false);
  });
});

describe('the calendar and the viewer', () => {
  test('a month is whole weeks, and months follow each other over the year', () => {
    const weeks = weeksOf({ year: 2026, month: 2 });
    expect(weeks.flat().filter(Boolean)).toHaveLength(28);
    expect(weeks[0]![0]).toBe('2026-02-01');
    expect(shifted({ year: 2026, month: 12 }, 1)).toEqual({ year: 2027, month: 1 });
    expect(shifted({ year: 2026, month: 1 }, -1)).toEqual({ year: 2025, month: 12 });
    expect(daysLater('2026-12-31', 1)).toBe('2027-01-01');
  });

  test('a picture grows around the pointer, and never leaves the window', () => {
    const near = zoomed(WHOLE, 2, 100, 0);
    expect(near).toEqual({ scale: 2, x: -100, y: 0 });
    expect(zoomed(near, 0.1)).toEqual(WHOLE);
    expect(moved(near, 10_000, 0, 400, 300).x).toBe(400);
    expect(moved(WHOLE, 50, 50, 400, 300)).toEqual(WHOLE);
  });
});

test('both languages say the same things, with the same values', () => {
  const values = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const word of Object.keys(ja) as TalkWord[]) expect(values(en[word])).toEqual(values(ja[word]));
});
