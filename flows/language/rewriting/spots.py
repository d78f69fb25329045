"""Where the parts of a text stand: its nodes with the places at which their letters begin and end.

The parser's own end of a block comes after blank lines and remarks; here a part ends where the last
letter of it is written, never behind the line's end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

Path = Sequence[str | int]
_BLANK_END = re.compile(r"\n[ \n]*\Z")
_REMARK = re.compile(r"[ \t]+#.*")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotRewritable(Exception):
    """The text is written in a way that cannot be changed by parts."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A part, and what it stands in. key: its name there, in a map. parents: outermost first."""

    node: Any
    key: Any = None
    parents: tuple[Any, ...] = ()

    @property
    def is_inline(self) -> bool:
        """Whether it stands in brackets."""
        return any(parent.flow_style for parent in self.parents)

    @property
    def column(self) -> int:
        """Of the map or list that it stands in."""
        return int(self.parents[-1].start_mark.column) if self.parents else -1


def find(text: str, path: Path) -> Spot:
    """The part at a path. Raises NotRewritable when there is none."""
    spot = Spot(yaml.compose(text, Loader=_LOADER))
    for step in path:
        spot = _inner(spot, step)
    return spot


def has(text: str, path: Path) -> bool:
    """Whether there is a part at a path."""
    try:
        find(text, path)
    except NotRewritable:
        return False
    return True


def pairs(node: Any) -> list[tuple[Any, Any]]:
    """Key and value of each entry of a map."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def items(node: Any) -> list[Any]:
    """The items of a list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def is_empty(node: Any) -> bool:
    """Whether there is nothing in it: no letter, no item, no key."""
    is_text = isinstance(node, yaml.ScalarNode)
    return not node.value and (not is_text or node.start_mark.index == node.end_mark.index)


def is_lines(node: Any) -> bool:
    """Whether it is a list or a map that is written in lines."""
    return not isinstance(node, yaml.ScalarNode) and not node.flow_style


def remark_of(text: str, spot: Spot) -> str:
    """What is remarked on the first line of a part of many lines, with the gap before it."""
    node = spot.node
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        start = start_of(node)
    elif spot.key is not None and is_lines(node):
        start = end_of(text, spot.key) + 1
    else:
        return ""
    found = _REMARK.search(text, start, line_end(text, start))
    return found[0] if found is not None else ""


def start_of(node: Any) -> int:
    """Where its first letter stands."""
    return int(node.start_mark.index)


def end_of(text: str, node: Any) -> int:
    """Where its last letter has been written."""
    if isinstance(node, yaml.ScalarNode):
        start, end = start_of(node), int(node.end_mark.index)
        if node.style in {"|", ">"}:
            return start + len(_body(text[start:end]))
        return end
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(text, last[1] if isinstance(last, tuple) else last)


def line_start(text: str, at: int) -> int:
    """Where the line of a place begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line of a place ends, before its break."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _inner(spot: Spot, step: str | int) -> Spot:
    parents = (*spot.parents, spot.node)
    found = items(spot.node)
    if isinstance(step, int) and 0 <= step < len(found):
        return Spot(found[step], None, parents)
    for key, value in pairs(spot.node):
        if key.value == step:
            return Spot(value, key, parents)
    raise NotRewritable


def _body(written: str) -> str:
    """A text in lines without the blank ones at its end, which mean something only after `+`."""
    head = written.partition("\n")[0].partition("#")[0]
    return written.removesuffix("\n") if "+" in head else _BLANK_END.sub("", written)
