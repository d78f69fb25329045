"""One part of a text replaced, added or taken out: the letters of that part alone change.

The paths lead to parts that are there, in the kind of list or map that the change is for.
"""

import re
from collections.abc import Sequence

import yaml

from flows.language.rewriting.slots import Slot, dash_of, slots_of
from flows.language.rewriting.spots import (
    Path,
    Spot,
    end_of,
    find,
    is_empty,
    is_lines,
    line_end,
    line_start,
    pairs,
    remark_of,
    start_of,
)
from flows.language.rewriting.writing import (
    INDENT,
    Value,
    write_block,
    write_entry,
    write_inline,
    write_key,
    write_lines,
    write_text,
)

_COMMA = re.compile(r"\s*,")


def replace(text: str, path: Path, value: Value) -> str:
    """Another value in the place of one."""
    spot = find(text, path)
    start, end = start_of(spot.node), end_of(text, spot.node)
    if is_empty(spot.node) and not spot.is_inline and _is_for_lines(value):
        return _open(text, spot, value)
    remark = remark_of(text, spot)
    if spot.key is not None and is_lines(spot.node):
        start = text.index(":", end_of(text, spot.key)) + 1
    behind = text[end : line_end(text, end)].strip()
    written = _written(spot, value, is_one_line=bool(behind))
    head, line_break, rest = written.partition("\n")
    gap = " " if text[start - 1 : start] in {":", "-"} and start > 0 else ""
    after = "\n" if written.startswith("|\n") and end == len(text) else ""
    return f"{text[:start]}{gap}{head}{remark}{line_break}{rest}{after}{text[end:]}"


def is_bare(text: str, path: Path) -> bool:
    """Whether a map is one pair of a list in brackets, without braces: it has room for no other."""
    spot = find(text, path)
    is_item = bool(spot.parents) and isinstance(spot.parents[-1], yaml.SequenceNode)
    return is_item and spot.is_inline and text[start_of(spot.node)] != "{"


def rename(text: str, path: Path, name: str) -> str:
    """Another name for a key, at its place."""
    key = find(text, path).key
    return text[: start_of(key)] + write_key(name, key.style or "") + text[end_of(text, key) :]


def add_entry(text: str, path: Path, key: str, value: Value, after: int | None = None) -> str:
    """One more key in a map, behind one of its entries, or at its end."""
    spot = find(text, path)
    if is_empty(spot.node):
        return replace(text, path, {key: value})
    found = slots_of(text, spot)
    slot = found[-1 if after is None else after]
    if spot.node.flow_style or spot.is_inline:
        return f"{text[: slot.end]}, {write_key(key)}: {write_inline(value)}{text[slot.end :]}"
    column = spot.node.start_mark.column
    return _add_line(text, slot, " " * column + write_entry(key, value, column))


def insert(text: str, path: Path, index: int, value: Value) -> str:
    """One more item in a list, before the one that is at the index now, or at its end."""
    spot = find(text, path)
    if is_empty(spot.node):
        return replace(text, path, [value])
    found = slots_of(text, spot)
    if spot.node.flow_style or spot.is_inline:
        return _insert_inline(text, found, index, write_inline([value])[1:-1])
    column = spot.node.start_mark.column
    line = f"{' ' * column}- {write_block(value, column + INDENT)}"
    if index > 0:
        return _add_line(text, found[index - 1], line)
    start = line_start(text, found[0].start)
    return f"{text[:start]}{line}\n{text[start:]}"


def remove(text: str, path: Path) -> str:
    """Take an item or a key out; what stands alone leaves an empty list or map."""
    spot, index = find(text, path[:-1]), _index(text, path)
    found = slots_of(text, spot)
    slot = found[index]
    if spot.node.flow_style or spot.is_inline:
        return _remove_inline(text, found, index)
    if len(found) == 1:
        return _empty(text, spot, slot)
    if text[line_start(text, slot.start) : slot.start].strip():  # `- key: …`
        return text[: slot.start] + text[found[index + 1].start :]
    start, end = line_start(text, slot.start), line_end(text, slot.end)
    if end == len(text):
        return text[: max(0, start - 1)]
    return text[:start] + text[end + 1 :]


def move(text: str, path: Path, to: int) -> str:
    """Another place in its list for an item, with the remarks right above it."""
    spot, index = find(text, path[:-1]), _index(text, path)
    found = slots_of(text, spot, with_remarks=True)
    order = list(range(len(found)))
    order.insert(to, order.pop(index))
    pieces, at = [], 0
    for slot, source in zip(found, order, strict=True):
        own = found[source]
        pieces += [text[at : slot.start], text[own.start : own.end]]
        at = slot.end
    return "".join([*pieces, text[at:]])


def _written(spot: Spot, value: Value, *, is_one_line: bool) -> str:
    if isinstance(value, str):
        is_text = isinstance(spot.node, yaml.ScalarNode) and spot.node.value  # `""` is no style
        style = spot.node.style or "" if is_text else ""
        has_quotes = spot.key is not None and bool(spot.key.style)
        indent = None if is_one_line or has_quotes else spot.column + INDENT
        return write_text(value, is_inline=spot.is_inline, indent=indent, old=style)
    if isinstance(spot.parents[-1] if spot.parents else None, yaml.SequenceNode):
        return write_inline([value])[1:-1]
    return write_inline(value)


def _is_for_lines(value: Value) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and all(isinstance(one, dict) for one in inner)


def _open(text: str, spot: Spot, value: Value) -> str:
    """Lines in the place of nothing; a remark behind it stays on the key's line."""
    start, end = start_of(spot.node), end_of(text, spot.node)
    if not text[line_start(text, start) : start].strip():
        return text[:start] + write_lines(value, spot.node.start_mark.column) + text[end:]
    column, rest = spot.column + INDENT, line_end(text, end)
    head = text[:start].rstrip(" ") + text[end:rest].rstrip(" ")
    return f"{head}\n{' ' * column}{write_lines(value, column)}{text[rest:]}"


def _add_line(text: str, slot: Slot, line: str) -> str:
    at = line_end(text, slot.end)
    after = "\n" if at == len(text) and "|\n" in line else ""
    return f"{text[:at]}\n{line}{after}{text[at:]}"


def _insert_inline(text: str, found: Sequence[Slot], index: int, written: str) -> str:
    if index == 0:
        at = found[0].start
        return f"{text[:at]}{written}, {text[at:]}"
    at = found[index - 1].end
    return f"{text[:at]}, {written}{text[at:]}"


def _remove_inline(text: str, found: Sequence[Slot], index: int) -> str:
    slot = found[index]
    if index + 1 < len(found):
        return text[: slot.start] + text[found[index + 1].start :]
    between = text[found[index - 1].end : slot.start] if index > 0 else ""
    if between.strip() == ",":
        return text[: found[index - 1].end] + text[slot.end :]
    comma = _COMMA.match(text, slot.end)  # the one before it stays, with its remark
    return text[: slot.start] + text[comma.end() if comma is not None else slot.end :]


def _empty(text: str, spot: Spot, slot: Slot) -> str:
    is_list = isinstance(spot.node, yaml.SequenceNode)
    start = dash_of(text, spot, 0) if is_list else slot.start
    has_own_line = not text[line_start(text, start) : start].strip()
    is_flush = has_own_line and spot.key is not None and start == line_start(text, start)
    return text[:start] + "  " * is_flush + ("[]" if is_list else "{}") + text[slot.end :]


def _index(text: str, path: Path) -> int:
    owner, last = find(text, path[:-1]).node, path[-1]
    return last if isinstance(last, int) else [key.value for key, _ in pairs(owner)].index(last)
