/** Where each step of a picture stands, and how its lines run: dagre, from top to bottom. */

import { Graph, layout } from '@dagrejs/dagre';
import type { Edge, Picture } from './rows';

export const WIDTH = 196;
export const HEIGHT = 54;
export const START = '_start';
const END_WIDTH = 112;
const END_HEIGHT = 34;
const LABEL_HEIGHT = 18;
const SIGN_WIDTH = 11;
const CORNER = 8;
const SMALLEST_ZOOM = 0.7;

/** Lines that every question has, and that would hide the others: drawn faint. */
const ASIDE = new Set(['timeout', 'cancel', 'gave_up', 'passed', 'too_often', 'late']);

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export interface Line {
  id: string;
  source: string;
  target: string;
  /** What leads there, each once. */
  ways: Edge[];
  isAside: boolean;
  points: Point[];
  label: Point | null;
}

type Bare = Omit<Line, 'points' | 'label'>;

export interface Drawing {
  boxes: Map<string, Box>;
  lines: Line[];
  width: number;
}

export interface Viewport extends Point {
  zoom: number;
}

/** The beginning at the top, as much of the width as can still be read. */
export function firstLook(drawing: Drawing, width: number): Viewport {
  const zoom = Math.min(1, Math.max(SMALLEST_ZOOM, width / drawing.width));
  const start = drawing.boxes.get(START);
  const middle = (start?.x ?? 0) + (start?.width ?? 0) / 2;
  const fits = drawing.width * zoom <= width;
  return { x: fits ? (width - drawing.width * zoom) / 2 : width / 2 - middle * zoom, y: 0, zoom };
}

export function lay(picture: Picture, labelOf: (ways: Edge[]) => string): Drawing {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 40, edgesep: 16, marginx: 16, marginy: 16 });
  graph.setNode(START, { width: WIDTH, height: HEIGHT });
  for (const node of picture.nodes) graph.setNode(node.step, { width: WIDTH, height: HEIGHT });
  graph.setNode(picture.end, { width: END_WIDTH, height: END_HEIGHT });
  const lines = linesOf(picture);
  const leaders = new Map<string, Bare>();
  for (const line of lines) {
    if (line.isAside && leaders.has(line.target)) continue;
    if (line.isAside) leaders.set(line.target, line);
    const text = line.isAside ? '' : labelOf(line.ways);
    graph.setEdge(line.source, line.target, {
      weight: line.isAside ? 1 : 8,
      labelpos: 'c',
      ...(text === '' ? {} : { width: [...text].length * SIGN_WIDTH + 8, height: LABEL_HEIGHT }),
    });
  }
  layout(graph);
  const boxes = new Map(graph.nodes().map((name) => [name, boxOf(graph.node(name) as Box)]));
  const routed = new Map(
    lines.filter((line) => graph.hasEdge(line.source, line.target)).map((line) => [line.id, withPath(line, graph)]),
  );
  return {
    boxes,
    lines: lines.map((line) => {
      const own = routed.get(line.id);
      if (own !== undefined) return own;
      const leader = routed.get(leaders.get(line.target)!.id)!;
      return joined(line, leader, boxes.get(line.source)!);
    }),
    width: graph.graph().width ?? WIDTH,
  };
}

/** One line for each pair of steps, whatever leads from the one to the other. */
export function linesOf(picture: Picture): Bare[] {
  const first: Edge = { source: START, target: picture.first, kind: 'next', text: '' };
  const pairs = new Map<string, Edge[]>();
  for (const edge of [first, ...picture.edges]) {
    const key = `${edge.source}→${edge.target}`;
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  return [...pairs].map(([id, ways]) => ({
    id,
    source: ways[0]!.source,
    target: ways[0]!.target,
    ways: ways.filter((way) => !ASIDE.has(way.kind)).length > 0 ? mainWays(ways) : ways,
    isAside: ways.every((way) => ASIDE.has(way.kind)),
  }));
}

/** Straight between dagre's points, with round corners. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${first.x} ${first.y}`];
  rest.forEach((point, n) => {
    const [before, after] = [points[n]!, rest[n + 1]];
    if (after === undefined) parts.push(`L${point.x} ${point.y}`);
    else {
      const [a, b] = [towards(point, before), towards(point, after)];
      parts.push(`L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`);
    }
  });
  return parts.join('');
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(CORNER, length / 2) / length;
  const at = (a: number, b: number) => Math.round((a + (b - a) * part) * 10) / 10;
  return { x: at(from.x, to.x), y: at(from.y, to.y) };
}

function mainWays(ways: Edge[]): Edge[] {
  return ways.filter((way) => !ASIDE.has(way.kind));
}

function boxOf({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Faint lines to the same step share one lane, like wires in a loom: out to it, and along. */
function joined(line: Bare, leader: Line, from: Box): Line {
  const y = from.y + from.height / 2;
  const rest = leader.points.slice(1).filter((point) => point.y > y);
  const lane = rest.length > 1 ? rest[0]! : leader.points.at(-2)!;
  const x = lane.x < from.x + from.width / 2 ? from.x : from.x + from.width;
  const end = leader.points.at(-1)!;
  const points = [{ x, y }, { x: lane.x, y }, ...(rest.length > 1 ? rest : [{ x: lane.x, y: end.y }, end])];
  return { ...line, points, label: { x: lane.x, y } };
}

function withPath(line: Bare, graph: Graph): Line {
  const edge = graph.edge(line.source, line.target) as { points: Point[] } & Partial<Point>;
  const label = edge.x === undefined || edge.y === undefined ? null : { x: edge.x, y: edge.y };
  return { ...line, points: edge.points, label };
}
