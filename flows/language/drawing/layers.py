"""Where nodes stand: in layers from top to bottom, so that lines are short and seldom cross.

Sugiyama's way: turn back what runs in circles, give each node the layer after its latest
predecessor, let long lines pass through every layer, order each layer by the middle of its
neighbours. Real nodes are on even layers; on the odd ones between stand the words of the lines.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 12
Name = str


@dataclass(frozen=True, slots=True)
class Link:
    """A line through the layers, from top to bottom. is_back: it runs the other way."""

    index: int  # of the arrow
    through: tuple[Name, ...]
    is_back: bool


@dataclass(slots=True)
class Layers:
    """The layers in order, and the lines through them. words: the bends that carry the words."""

    rows: list[list[Name]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    words: dict[Name, int] = field(default_factory=dict)  # bend → index of its arrow


def layered(
    nodes: Sequence[Name], arrows: Sequence[tuple[Name, Name]], worded: Sequence[bool]
) -> Layers:
    """The layers of a graph; `worded`: which arrows carry words."""
    back = _backward(nodes, arrows)
    downward = [(b, a) if n in back else (a, b) for n, (a, b) in enumerate(arrows)]
    depth = _depths(nodes, downward)
    found = Layers([[] for _ in range(2 * max(depth.values(), default=0) + 1)])
    for node in nodes:
        found.rows[2 * depth[node]].append(node)
    for index, ends in enumerate(downward):
        _run_through(found, Link(index, ends, index in back), depth, is_worded=worded[index])
    _order(found)
    return found


def _run_through(layers: Layers, link: Link, depth: Mapping[Name, int], *, is_worded: bool) -> None:
    """Let a line bend in every row that it passes; the first bend carries its words."""
    top, bottom = link.through
    rows = range(2 * depth[top] + 1, 2 * depth[bottom])
    bends = [f"{link.index}:{row}" for row in rows]
    for row, bend in zip(rows, bends, strict=True):
        layers.rows[row].append(bend)
    if is_worded and bends:
        layers.words[bends[0]] = link.index
    layers.links.append(Link(link.index, (top, *bends, bottom), link.is_back))


def _backward(nodes: Sequence[Name], arrows: Sequence[tuple[Name, Name]]) -> set[int]:
    """Arrows that close a circle, as a walk from the first node meets them."""
    leaving: dict[Name, list[tuple[int, Name]]] = defaultdict(list)
    for index, (source, dest) in enumerate(arrows):
        leaving[source].append((index, dest))
    back: set[int] = set()
    seen: set[Name] = set()
    for root in nodes:
        if root not in seen:
            _walk(root, leaving, seen, back)
    return back


def _walk(
    root: Name, leaving: Mapping[Name, list[tuple[int, Name]]], seen: set[Name], back: set[int]
) -> None:
    """Depth first without recursion: a flow may have a thousand steps in a row."""
    seen.add(root)
    path = {root: iter(leaving[root])}
    while path:
        node, ways = next(reversed(path.items()))
        index, dest = next(ways, (-1, node))
        if index < 0:
            del path[node]
        elif dest in path:
            back.add(index)
        elif dest not in seen:
            seen.add(dest)
            path[dest] = iter(leaving[dest])


def _depths(nodes: Sequence[Name], downward: Sequence[tuple[Name, Name]]) -> dict[Name, int]:
    """The longest way from above; the graph has no circles."""
    above: dict[Name, list[Name]] = defaultdict(list)
    for top, bottom in downward:
        above[bottom].append(top)
    depth: dict[Name, int] = {}
    for node in nodes:
        waiting = [node]
        while waiting:
            one = waiting[-1]
            unknown = [top for top in above[one] if top not in depth]
            if unknown:
                waiting += unknown
                continue
            depth[one] = max((depth[top] + 1 for top in above[one]), default=0)
            waiting.pop()
    return depth


def _order(layers: Layers) -> None:
    """Sweep down and up; the order with the fewest crossings is kept."""
    up: dict[Name, list[Name]] = defaultdict(list)
    down: dict[Name, list[Name]] = defaultdict(list)
    for link in layers.links:
        for top, bottom in pairwise(link.through):
            down[top].append(bottom)
            up[bottom].append(top)
    best, fewest = [list(row) for row in layers.rows], _crossings(layers.rows, down)
    for sweep in range(SWEEPS):
        is_down = sweep % 2 == 0
        rows = layers.rows if is_down else layers.rows[::-1]
        for before, row in pairwise(rows):
            _sort(row, before, up if is_down else down)
        crossings = _crossings(layers.rows, down)
        if crossings < fewest:
            best, fewest = [list(row) for row in layers.rows], crossings
    layers.rows = best


def _sort(row: list[Name], before: Sequence[Name], neighbours: Mapping[Name, list[Name]]) -> None:
    place = {name: number for number, name in enumerate(before)}

    def middle(item: tuple[int, Name]) -> float:
        number, name = item
        near = [place[other] for other in neighbours.get(name, ()) if other in place]
        return sum(near) / len(near) if near else number

    row[:] = [name for _, name in sorted(enumerate(row), key=middle)]


def _crossings(rows: Sequence[Sequence[Name]], down: Mapping[Name, list[Name]]) -> int:
    total = 0
    for row, below in pairwise(rows):
        place = {name: number for number, name in enumerate(below)}
        places = (sorted(place[end] for end in down.get(name, ())) for name in row)
        ends = [end for several in places for end in several]
        total += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return total
