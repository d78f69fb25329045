import { expect, test } from 'vitest';
import { LocalTexts, opening, propose } from '../src/flows/local';
import { aBox, AStorage } from './given';

test('an unsaved text belongs to one operator and one file, and outlives a reload', () => {
  const box = aBox();
  new LocalTexts(box, 'a').write('x.yaml', { text: '私の文', hash: 'h1' });

  expect(new LocalTexts(box, 'a').read('x.yaml')).toEqual({ text: '私の文', hash: 'h1' });
  expect(new LocalTexts(box, 'a').read('y.yaml')).toBeNull();
  expect(new LocalTexts(box, 'b').read('x.yaml')).toBeNull();
  new LocalTexts(box, 'a').drop('x.yaml');
  expect(new LocalTexts(box, 'a').read('x.yaml')).toBeNull();
});

test('a browser without room says so, and the page has the text all the same', () => {
  const storage = new AStorage();
  storage.hasRoom = false;
  const locals = new LocalTexts(aBox(storage), 'a');

  expect(locals.write('x.yaml', { text: '文', hash: null })).toBe(false);
  expect(locals.read('x.yaml')?.text).toBe('文');
});

test('what is opened is the file, the unsaved text, or both when the file went on', () => {
  const file = { text: '保存済み', hash: 'h2' };

  expect(opening(file, null)).toEqual({ kind: 'clean', text: '保存済み' });
  expect(opening(file, { text: '保存済み', hash: 'h1' }).kind).toBe('clean');
  expect(opening(file, { text: '私の文', hash: 'h2' })).toEqual({ kind: 'restored', text: '私の文' });
  expect(opening(file, { text: '私の文', hash: 'h1' })).toEqual({ kind: 'conflict', text: '私の文' });
});

test('a proposal is opened as an unsaved text, but never over what somebody is writing', () => {
  const locals = new LocalTexts(aBox(), 'a');
  const file = { file: 'faq/salon.yaml', text: '案', hash: 'h1' };

  expect(propose(locals, file, [3, 4])).toBe('put');
  const put = locals.read('faq/salon.yaml');
  expect(put).toEqual({ text: '案', hash: 'h1', questions: [3, 4] });
  expect(opening({ text: '元の文', hash: 'h1' }, put).kind).toBe('restored');
  expect(propose(locals, { ...file, text: '別の案' }, [5])).toBe('unsaved');
  expect(locals.read('faq/salon.yaml')?.text).toBe('案');
});
