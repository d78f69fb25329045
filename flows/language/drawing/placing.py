"""From layers to points: how large things are, and each as near its neighbours as can be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.language.drawing.layers import Layers, Link, Name, layered
from flows.language.drawing.picture import Node, Picture
from flows.language.drawing.texts import shortened, width_of, wrapped

SIGN = 6.6  # of a Latin sign at 13px; a Japanese one is two of them
NODE_WIDTH = 196.0
TEXT_WIDTH = 27  # in Latin signs
MOST_LINES = 3
LINE_HEIGHT = 18.0
NOTE_HEIGHT = 15.0
PADDING = 9.0
WORD_HEIGHT = 18.0
LONGEST_WORD = 30
GAP_X, GAP_Y = 26.0, 17.0
PORTS = 22.0  # between lines at one side of a node
PULL = (1, 2, 8)  # between nodes, a node and a bend, two bends: long lines are to be straight
PULL_ON, PULL_ASIDE = 4, 1  # what is hoped for goes straight on
SETTLINGS = 60


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place; x, y: its middle and its top."""

    node: Node
    x: float
    y: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, in the direction of the arrow; word: at `word_at`."""

    points: tuple[tuple[float, float], ...]
    is_aside: bool
    word: str = ""
    word_at: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its places."""

    picture: Picture
    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def place(picture: Picture) -> Drawing:
    """Every node and line of a picture in its place."""
    arrows = picture.arrows
    layers = layered(
        [node.id for node in picture.nodes],
        [(arrow.source, arrow.dest) for arrow in arrows],
        [bool(arrow.words) for arrow in arrows],
    )
    words = [shortened(arrow.words, LONGEST_WORD) for arrow in arrows]
    texts = {n.id: tuple(wrapped(n.text, TEXT_WIDTH, MOST_LINES)) for n in picture.nodes}
    heights = {node.id: _height(node, texts[node.id]) for node in picture.nodes}
    widths = _widths(layers, words)
    xs = _settled(layers, widths, [PULL_ASIDE if arrow.is_aside else PULL_ON for arrow in arrows])
    tops, bottom = _tops(layers, heights)
    boxes = tuple(
        Box(node, xs[node.id], tops[node.id], heights[node.id], texts[node.id])
        for node in picture.nodes
    )
    ports = _ports(layers, xs)
    curves = tuple(
        _curve(
            link, ports, tops, heights, word=words[link.index], is_aside=arrows[link.index].is_aside
        )
        for link in layers.links
    )
    right = max((xs[name] + widths[name] / 2 for row in layers.rows for name in row), default=0)
    return Drawing(picture, right, bottom, boxes, curves)


def _height(node: Node, lines: Sequence[str]) -> float:
    return 2 * PADDING + LINE_HEIGHT * len(lines) + (NOTE_HEIGHT if node.note else 0)


def _widths(layers: Layers, words: Sequence[str]) -> dict[Name, float]:
    found = {name: NODE_WIDTH if ":" not in name else 4.0 for row in layers.rows for name in row}
    for bend, index in layers.words.items():
        found[bend] = width_of(words[index]) * SIGN * 0.86 + 8
    return found


def _tops(layers: Layers, heights: dict[Name, float]) -> tuple[dict[Name, float], float]:
    """Each row is as high as its highest; a line goes straight down through a row of nodes."""
    tops, y = {}, 0.0
    for row in layers.rows:
        has_words = any(name in layers.words for name in row)
        height = max((heights.get(name, 0) for name in row), default=0)
        height = max(height, WORD_HEIGHT if has_words else 0)
        is_of_nodes = any(name in heights and ":" not in name for name in row)
        for name in row:
            if ":" in name:
                heights[name] = height if is_of_nodes else 0
            tops[name] = y + (height - heights[name]) / 2
        y += height + GAP_Y
    return tops, y - GAP_Y


def _settled(
    layers: Layers, widths: Mapping[Name, float], pulls: Sequence[int]
) -> dict[Name, float]:
    near: dict[Name, list[tuple[Name, int]]] = defaultdict(list)
    for link in layers.links:
        for one, other in pairwise(link.through):
            pull = PULL[(":" in one) + (":" in other)] * pulls[link.index]
            near[one].append((other, pull))
            near[other].append((one, pull))
    xs: dict[Name, float] = {}
    for row in layers.rows:
        for number, name in enumerate(row):
            xs[name] = number * (NODE_WIDTH + GAP_X)
    for turn in range(SETTLINGS):
        for row in layers.rows if turn % 2 == 0 else layers.rows[::-1]:
            wanted = [_middle([(xs[o], pull) for o, pull in near[n]] or [(xs[n], 1)]) for n in row]
            xs |= dict(zip(row, _apart(wanted, [widths[n] for n in row]), strict=True))
    left = min((xs[name] - widths[name] / 2 for name in xs), default=0)
    return {name: x - left for name, x in xs.items()}


def _apart(wanted: Sequence[float], widths: Sequence[float]) -> list[float]:
    """In this order, not touching, and together as near as possible to where they want to be."""
    offsets, at = [0.0], 0.0
    for one, other in pairwise(widths):
        at += (one + other) / 2 + GAP_X
        offsets.append(at)
    groups: list[tuple[float, int]] = []  # mean and size: neighbours that push each other
    for want, offset in zip(wanted, offsets, strict=False):
        mean, size = want - offset, 1
        while groups and groups[-1][0] > mean:
            before, count = groups.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        groups.append((mean, size))
    bases = [mean for mean, size in groups for _ in range(size)]
    return [base + offset for base, offset in zip(bases, offsets, strict=False)]


def _ports(layers: Layers, xs: Mapping[Name, float]) -> dict[tuple[int, Name], float]:
    """Where each line leaves or meets its node: side by side, in the order of where they lead."""
    sides: dict[tuple[Name, int], list[tuple[float, int]]] = defaultdict(list)
    for link in layers.links:
        through = link.through
        sides[(through[0], 1)].append((xs[through[1]], link.index))
        sides[(through[-1], 0)].append((xs[through[-2]], link.index))
    ports = {(link.index, name): xs[name] for link in layers.links for name in link.through}
    for (name, _), lines in sides.items():
        apart = min(PORTS, (NODE_WIDTH - 2 * PADDING) / len(lines))
        for number, (_, index) in enumerate(sorted(lines)):
            ports[(index, name)] = xs[name] + (number - (len(lines) - 1) / 2) * apart
    return ports


def _curve(
    link: Link,
    ports: Mapping[tuple[int, Name], float],
    tops: Mapping[Name, float],
    heights: Mapping[Name, float],
    *,
    word: str,
    is_aside: bool,
) -> Curve:
    first, *bends, last = link.through
    points = [
        (ports[(link.index, first)], tops[first] + heights[first]),
        *(
            (ports[(link.index, bend)], y)
            for bend in bends
            for y in dict.fromkeys((tops[bend], tops[bend] + heights[bend]))
        ),
        (ports[(link.index, last)], tops[last]),
    ]
    word_at = points[1] if word else (0.0, 0.0)
    return Curve(tuple(points[::-1] if link.is_back else points), is_aside, word, word_at)


def _middle(pulled: Sequence[tuple[float, int]]) -> float:
    return sum(x * pull for x, pull in pulled) / sum(pull for _, pull in pulled)
