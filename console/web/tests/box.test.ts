import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Box } from '../src/desk/box';
import { Drafts } from '../src/desk/drafts';
import { rememberSticker, recentStickers } from '../src/desk/stickers';
import { aBox, AStorage } from './given';

const SRC = new URL('../src', import.meta.url).pathname;

describe("a browser's storage", () => {
  test('that is full stops nobody: the page keeps what is written, and says that it does', () => {
    const storage = new AStorage();
    const box = aBox(storage);
    const drafts = new Drafts(box, 'me');
    drafts.write('c1', 'reply', '前の文');
    storage.hasRoom = false;

    drafts.write('c1', 'reply', '前の文の続き');
    drafts.write('c2', 'note', 'ノート');
    rememberSticker(box, 'me', { packageId: '446', stickerId: '1999' });

    expect(box.write('any', 'thing')).toBe(false);
    expect(drafts.read('c1', 'reply')).toBe('前の文の続き');
    expect(drafts.talks().sort()).toEqual(['c1', 'c2']);
    expect(recentStickers(box, 'me')).toHaveLength(1);
    // A message has left: nothing of it comes back, also after a reload.
    drafts.write('c1', 'reply', '');
    expect([drafts.read('c1', 'reply'), storage.length]).toEqual(['', 0]);
  });

  test('has it again as soon as there is room', () => {
    const storage = new AStorage();
    const box = aBox(storage);
    storage.hasRoom = false;
    box.write('one', '1');
    storage.hasRoom = true;

    expect(box.write('one', '2')).toBe(true);
    storage.setItem('one', '3'); // another page
    expect(box.read('one')).toBe('3');
  });

  test('that the browser forbids is as good as none', () => {
    const box = new Box(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });

    expect([box.read('one'), box.write('one', '1'), box.read('one')]).toEqual([null, false, '1']);
    expect(box.names('o')).toEqual(['one']);
    box.remove('one');
    expect(box.read('one')).toBeNull();
  });

  test('may hold what somebody else wrote: that is nothing', () => {
    const box = aBox();
    box.write('list', '{');
    expect([box.parsed('list'), box.listed('list', (one) => typeof one === 'string')]).toEqual([null, []]);
    box.write('list', '["a",1]');
    expect(box.listed('list', (one) => typeof one === 'string')).toEqual(['a']);
  });

  test('is opened by one door alone', () => {
    const files = (readdirSync(SRC, { recursive: true }) as string[]).filter((one) => /\.(ts|svelte)$/.test(one));
    const doors = files.filter((one) => /(local|session)Storage/.test(readFileSync(join(SRC, one), 'utf8')));
    expect(doors).toEqual(['desk/box.ts']);
  });
});
