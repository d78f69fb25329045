import { expect, test } from 'vitest';
import { withDefault, withKey, withoutKeys, isReserved } from '../src/keys/chosen';
import { fold, score } from '../src/keys/fuzzy';
import { AT_FIRST, Keymap } from '../src/keys/keymap.svelte';
import { PATIENCE_MS, Presses } from '../src/keys/presses';
import { toKana } from '../src/keys/romaji';
import { caps, isSingle, spell, type Press } from '../src/keys/spell';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  isComposing: false,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

const TABLE = [
  { id: 'next', keys: ['j'], where: 'inbox' },
  { id: 'inbox', keys: ['g i'], where: 'everywhere' },
  { id: 'palette', keys: ['Mod+k'], where: 'everywhere' },
  { id: 'leave', keys: ['Escape'], where: 'everywhere', isFixed: true as const },
  { id: 'saved', keys: ['/'], where: 'composer', isFixed: true as const },
];

function given(): Keymap {
  const map = new Keymap();
  map.table = TABLE;
  return map;
}

test('a key is written as the sign that it makes', () => {
  expect(spell(press('j'), false)).toBe('j');
  expect(spell(press('E', { shiftKey: true }), false)).toBe('Shift+e');
  expect(spell(press('?', { shiftKey: true }), false)).toBe('?');
  expect(spell(press('J'), false)).toBe('j'); // Caps Lock is no Shift
  expect(spell(press('k', { ctrlKey: true }), false)).toBe('Mod+k');
  expect(spell(press('k', { metaKey: true }), true)).toBe('Mod+k');
  expect(spell(press('Escape'), false)).toBe('Escape');
});

test('a kana keyboard presses the key where the letter is', () => {
  expect(spell(press('ま', { code: 'KeyJ' }), false)).toBe('j');
});

test.each([
  ['composing', { isComposing: true }],
  ['as Safari ends it', { keyCode: 229 }],
  ['with Alt', { altKey: true }],
  ['with the Windows key', { metaKey: true }],
])('no key is ours %s', (_, more) => {
  expect(spell(press('j', more), false)).toBeNull();
});

test('on a Mac, Ctrl belongs to the text', () => {
  expect(spell(press('k', { ctrlKey: true }), true)).toBeNull();
});

test('a modifier alone is no key', () => {
  expect(spell(press('Shift', { shiftKey: true }), false)).toBeNull();
});

test('the second of two keys has to come soon, and alone it means nothing', () => {
  const presses = new Presses();
  const keys = given().meanings(TABLE);

  expect(presses.take('g', keys, 0)).toEqual({ kind: 'begun', key: 'g' });
  expect(presses.take('i', keys, 100)).toEqual({ kind: 'act', id: 'inbox' });
  expect(presses.take('i', keys, 200)).toEqual({ kind: 'nothing' });

  presses.take('g', keys, 1000);
  expect(presses.take('i', keys, 1000 + PATIENCE_MS)).toEqual({ kind: 'nothing' });

  presses.take('g', keys, 9000);
  expect(presses.take('j', keys, 9100)).toEqual({ kind: 'nothing' }); // not "next"
  expect(presses.take('j', keys, 9200)).toEqual({ kind: 'act', id: 'next' });
});

test('single keys can be turned off; the others, and what cannot be changed, stay', () => {
  const map = given();
  map.chosen = { ...AT_FIRST, has_single_keys: false };
  expect([...map.meanings(TABLE).keys()]).toEqual(['Mod+k', 'Escape', '/']);
  expect(isSingle('g i')).toBe(true);
  expect(isSingle('Shift+e')).toBe(true);
  expect(isSingle(' ')).toBe(true);
  expect(isSingle('Mod+k')).toBe(false);
});

test('a key that is moved is taken from where it was, and comes back with the first keys', () => {
  const map = given();
  const from = map.conflicts('palette', 'j');
  expect(from.map((one) => one.id)).toEqual(['next']);

  map.chosen = withKey(map.chosen, 'palette', 'j', from);
  expect(map.keysOf('palette')).toEqual(['j']);
  expect(map.keysOf('next')).toEqual([]);

  map.chosen = withDefault(withDefault(map.chosen, 'palette'), 'next');
  expect(map.chosen).toEqual(AT_FIRST);
});

test('a key that begins two others is in their way', () => {
  expect(given().conflicts('next', 'g').map((one) => one.id)).toEqual(['inbox']);
  expect(given().conflicts('next', 'g x')).toEqual([]);
  expect(given().conflicts('next', '/')).toEqual([]); // in the box alone
});

test('what cannot be changed keeps its key', () => {
  const map = given();
  map.chosen = withoutKeys(map.chosen, 'leave');
  expect(map.keysOf('leave')).toEqual(['Escape']);
});

test('keys of the browser and of typing are not given away', () => {
  for (const key of ['Tab', 'Shift+Tab', 'Enter', 'Mod+w', 'Mod+c', ' ', 'g Enter'])
    expect([key, isReserved(key)]).toEqual([key, true]);
  for (const key of ['e', 'Shift+e', 'Mod+k', 'g i', '?', 'Mod+Shift+Enter']) expect([key, isReserved(key)]).toEqual([key, false]);
});

test('caps are as they stand on the keyboard', () => {
  expect(caps('g i', false)).toEqual([['G'], ['I']]);
  expect(caps('Mod+Shift+e', false)).toEqual([['Ctrl', 'Shift', 'E']]);
  expect(caps('Mod+k', true)).toEqual([['⌘', 'K']]);
});

test('a reading in Latin letters is a reading', () => {
  expect(toKana('taiouzumi')).toBe('たいおうずみ');
  expect(toKana('kakunin')).toBe('かくにん');
  expect(toKana('kyoutsuu')).toBe('きょうつう');
  expect(toKana('bottonimodosu')).toBe('ぼっとにもどす');
  expect(toKana('tannin')).toBe('たんいん'); // nn is ん, as input methods have it
});

test('a command is found by its name, its reading, and in the other language', () => {
  const names = ['対応済みにする', 'Mark as done', 'たいおうずみにする'];
  for (const query of ['対応', 'done', 'ﾀｲｵｳ', 'taiou', 'mad', 'たいおう'])
    expect([query, score(query, names) > 0]).toEqual([query, true]);
  expect(score('snooze', names)).toBe(0);
  expect(score('対応', names)).toBeGreaterThan(score('済み', names));
  expect(fold('ﾌﾛｰ')).toBe('ふろー');
});
