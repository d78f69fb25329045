import { describe, expect, test } from 'vitest';
import { messagesOf } from '../src/desk/parcel';
import {
  nameOfSticker,
  PACKS,
  recentStickers,
  rememberSticker,
  shortName,
  stickersIn,
} from '../src/desk/stickers';
import { refusalOf } from '../src/compose/pick';
import { isFilm } from '../src/compose/poster';
import { sentFilm } from '../src/screen/media';
import { stickerLine } from '../src/screen/lines';
import { playableAddress } from '../src/talk/pictures';
import { sayIn } from '../src/words/words';
import { aBox, aMessage } from './given';

const THANKS = { packageId: '6325', stickerId: '10979912' };
const MOON = { packageId: '446', stickerId: '1999' };

describe('the list of stickers', () => {
  test('has each sticker once, and a name for it in both languages', () => {
    const all = PACKS.flatMap(stickersIn);

    expect(new Set(all.map((one) => one.stickerId)).size).toBe(all.length);
    expect(all.length).toBe(456);
    for (const one of all)
      for (const language of ['ja', 'en'] as const)
        expect(nameOfSticker({ ...one }, language)?.trim()).toBeTruthy();
  });

  test('begins with what Japanese customers read', () => {
    const speaks = PACKS.map((pack) => pack.speaks ?? 'ja');

    expect(speaks.slice(0, speaks.lastIndexOf('ja') + 1).every((one) => one === 'ja')).toBe(true);
    expect(new Set(PACKS.map((pack) => pack.ja)).size).toBe(PACKS.length);
    expect(new Set(PACKS.map((pack) => pack.en)).size).toBe(PACKS.length);
  });

  test('names what a picture shows, else its place, and nothing that is not on it', () => {
    const t = sayIn('ja');

    expect(nameOfSticker(THANKS, 'ja')).toBe('ありがと');
    expect(nameOfSticker(THANKS, 'en')).toBe('Thanks');
    expect(nameOfSticker(MOON, 'ja')).toBe('ムーン スペシャル 12');
    expect([THANKS, MOON, {}].map((one) => shortName(one, 'ja'))).toEqual(['ありがと', '12', '']);
    for (const sticker of [{ ...MOON, stickerId: '2028' }, { ...MOON, packageId: '1' }, {}])
      expect(nameOfSticker(sticker, 'ja')).toBeNull();
    expect(stickerLine(['ありがと'], t)).toBe('スタンプ: ありがと');
    expect(stickerLine([], t)).toBe('スタンプ');
  });
});

describe('those used last', () => {
  test('come newest first, each once, for each person apart', () => {
    const box = aBox();

    for (const one of [THANKS, MOON, THANKS]) rememberSticker(box, 'me', one);

    expect(recentStickers(box, 'me')).toEqual([THANKS, MOON]);
    expect(recentStickers(box, 'you')).toEqual([]);
  });

  test('are no more than sixteen, and only such as may still be sent', () => {
    const box = aBox();
    for (const one of stickersIn(PACKS[0]!)) rememberSticker(box, 'me', one);
    expect(recentStickers(box, 'me')).toHaveLength(16);

    box.write('stickers/me', JSON.stringify([{ packageId: '1', stickerId: '1' }, 7, MOON]));
    expect(recentStickers(box, 'me')).toEqual([MOON]);
    box.write('stickers/me', '{');
    expect(recentStickers(box, 'me')).toEqual([]);
  });
});

test('a sticker is a message of its own', () => {
  const parcel = { texts: [], attachments: [], quick: [], quotedSeq: 4, sticker: MOON };

  expect(messagesOf(parcel, [])).toEqual([{ type: 'sticker', ...MOON }]);
});

describe('films and sounds', () => {
  test('may be attached as MP4 and M4A, up to what the server takes', () => {
    for (const name of ['a.mp4', 'A.MP4', 'a.m4a'])
      expect(refusalOf({ name, size: 20_000_000 })).toBeNull();
    for (const name of ['a.mov', 'a.mp3', 'mp4']) expect(refusalOf({ name, size: 1 })).toBeTruthy();
    expect(refusalOf({ name: 'a.mp4', size: 20_000_001 })).toBeTruthy();
    expect(['a.mp4', 'a.m4a', 'a.jpg'].map(isFilm)).toEqual([true, false, false]);
  });

  test('that were sent from here are played from here, by whatever name the console is open', () => {
    const content = {
      originalContentUrl: 'https://shop.example/media/abc.def',
      previewImageUrl: 'https://shop.example/media/abc-p.def',
    };
    const upload = { name: '見本.mp4', kind: 'video', size_bytes: 9, duration_ms: 946 } as const;
    const sent = aMessage({ kind: 'video', content, origin: { upload } });

    expect(playableAddress(sent)).toBe('/media/abc.def');
    expect(sentFilm(sent)).toEqual({
      url: '/media/abc.def',
      poster: '/media/abc-p.def',
      size_bytes: 9,
      duration_ms: 946,
    });
    const foreign = { ...content, originalContentUrl: 'https://elsewhere.example/a.mp4' };
    for (const other of [
      aMessage({ kind: 'video', content: foreign, origin: { upload } }),
      aMessage({ kind: 'video', content }),
      aMessage({ kind: 'image', content, origin: { upload } }),
    ])
      expect(sentFilm(other)).toBeNull();
  });
});
