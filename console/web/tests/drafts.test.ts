import { expect, test } from 'vitest';
import { Drafts } from '../src/desk/drafts';
import { aBox } from './given';

test('a draft belongs to one operator, one talk and one tab', () => {
  const box = aBox();
  const drafts = new Drafts(box, 'a');
  drafts.write('c1', 'reply', '返信');
  drafts.write('c1', 'note', 'ノート');

  expect(drafts.read('c1', 'reply')).toBe('返信');
  expect(drafts.read('c1', 'note')).toBe('ノート');
  expect(drafts.read('c2', 'reply')).toBe('');
  expect(new Drafts(box, 'b').read('c1', 'reply')).toBe('');
});

test('a line is added below what is being written', () => {
  const drafts = new Drafts(aBox(), 'a');

  drafts.append('c1', 'reply', 'https://example.com/f/1');
  expect(drafts.read('c1', 'reply')).toBe('https://example.com/f/1');
  drafts.write('c1', 'reply', 'こちらからどうぞ\n');
  drafts.append('c1', 'reply', 'https://example.com/f/1');
  expect(drafts.read('c1', 'reply')).toBe('こちらからどうぞ\nhttps://example.com/f/1');
});

test('a text that is given back stands before what was written since', () => {
  const drafts = new Drafts(aBox(), 'a');
  drafts.write('c1', 'reply', 'あとから');

  expect(drafts.giveBack('c1', 'reply', 'はじめの文')).toBe('はじめの文\nあとから');
  expect(drafts.read('c1', 'reply')).toBe('はじめの文\nあとから');
});
