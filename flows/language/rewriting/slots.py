"""The places that the items of a list, or the entries of a map, take up in the text."""

import re
from dataclasses import dataclass

from flows.language.rewriting.spots import (
    NotRewritable,
    Spot,
    end_of,
    items,
    line_end,
    line_start,
    pairs,
    start_of,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """From the first letter of an item, its dash included, to its last."""

    start: int
    end: int


def slots_of(text: str, spot: Spot, *, with_remarks: bool = False) -> list[Slot]:
    """Of each item or entry, in order. with_remarks: whole lines, and the remarks right above."""
    entries = pairs(spot.node)
    if entries:
        return [Slot(start_of(key), end_of(text, value)) for key, value in entries]
    nodes = items(spot.node)
    if spot.node.flow_style or spot.is_inline:
        return [Slot(start_of(node), end_of(text, node)) for node in nodes]
    found = [Slot(dash_of(text, spot, n), end_of(text, node)) for n, node in enumerate(nodes)]
    return [_whole(text, slot) for slot in found] if with_remarks else found


def dash_of(text: str, spot: Spot, index: int) -> int:
    """Where the dash of an item stands."""
    nodes = items(spot.node)
    if index == 0:
        return start_of(spot.node)
    column, before = int(spot.node.start_mark.column), end_of(text, nodes[index - 1])
    dash = re.compile(rf"^ {{{column}}}-", re.MULTILINE).search(text, line_end(text, before))
    return dash.end() - 1  # type: ignore[union-attr] # the item is there, so its dash is


def _whole(text: str, slot: Slot) -> Slot:
    start = line_start(text, slot.start)
    indent = text[start : slot.start]
    if indent.strip(" "):
        raise NotRewritable
    while start > 0 and _is_remark(text[line_start(text, start - 1) : start], indent):
        start = line_start(text, start - 1)
    return Slot(start, line_end(text, slot.end))


def _is_remark(line: str, indent: str) -> bool:
    return line.startswith(indent + "#")
