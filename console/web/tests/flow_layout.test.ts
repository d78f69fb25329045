import { expect, test } from 'vitest';
import { firstLook, lay, linesOf, pathOf, START } from '../src/flows/layout';
import type { Edge, Node, Picture } from '../src/flows/rows';

const node = (step: string, line: number): Node => ({
  step,
  verb: 'ask',
  text: step,
  line,
  end_line: line,
  waits: true,
  is_named: true,
});
const edge = (source: string, target: string, kind: string, text = ''): Edge => ({
  source,
  target,
  kind,
  text,
});
const picture: Picture = {
  first: 'a',
  end: '_end',
  nodes: [node('a', 1), node('b', 2), node('later', 3)],
  edges: [
    edge('a', 'b', 'choice', 'はい'),
    edge('a', 'b', 'choice', 'いいえ'),
    edge('a', 'later', 'timeout'),
    edge('b', '_end', 'accepted'),
    edge('b', 'a', 'other'),
    edge('b', 'later', 'timeout'),
    edge('b', 'later', 'cancel'),
    edge('later', '_end', 'next'),
  ],
};
const words = (ways: Edge[]) => ways.map((way) => way.text).join('・');

test('one line leads from a step to another, whatever the ways', () => {
  const lines = linesOf(picture);
  expect(lines.map((line) => line.id)).toContain(`${START}→a`);
  expect(lines.find((line) => line.id === 'a→b')?.ways.map((way) => way.text)).toEqual(['はい', 'いいえ']);
  expect(lines.filter((line) => line.isAside).map((line) => line.id)).toEqual(['a→later', 'b→later']);
});

test('every step has a place of its own, below what leads to it', () => {
  const { boxes, lines } = lay(picture, words);
  expect(boxes.size).toBe(5);
  expect(boxes.get(START)!.y).toBeLessThan(boxes.get('a')!.y);
  expect(boxes.get('a')!.y).toBeLessThan(boxes.get('b')!.y);
  expect(lines.every((line) => line.points.length > 1)).toBe(true);
});

test('the same picture is laid out the same way', () => {
  expect(lay(picture, words)).toEqual(lay(picture, words));
});

test('the first look begins at the top, and is never too small to read', () => {
  const drawing = lay(picture, words);
  expect(firstLook(drawing, 2000)).toMatchObject({ y: 0, zoom: 1 });
  expect(firstLook(drawing, 60).zoom).toBeGreaterThanOrEqual(0.7);
});

test('a path bends with round corners', () => {
  expect(pathOf([{ x: 0, y: 0 }, { x: 0, y: 40 }, { x: 40, y: 40 }])).toBe('M0 0L0 32Q0 40 8 40L40 40');
  expect(pathOf([])).toBe('');
});
