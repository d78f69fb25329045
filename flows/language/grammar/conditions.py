"""Conditions as they are written: a map whose entries must all hold."""

import re

from flows.language.conditions import (
    STATUSES,
    Comparison,
    Condition,
    Every,
    HasTag,
    Hours,
    InSegment,
    Not,
    Operator,
    Some,
    ValueIs,
)
from flows.language.durations import parse_duration
from flows.language.grammar.parts import When
from flows.language.grammar.primitives import Reading, many, scalar, unknown_key, wrong
from flows.language.nodes import Entry, Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying

_COMPARED = re.compile(r"(!=|>=|<=|=|>|<)\s*(.+)", re.DOTALL)
_WORDED = re.compile(r"(contains|starts|within|not within)\s+(.+)", re.DOTALL)
_RANGE = re.compile(r"(\S+?)\.\.(\S+)")
_PATHS = ("field.", "answer.", "var.", "event.")
_KEYS = dict.fromkeys(
    (
        "tag",
        "name",
        "message",
        "business_hours",
        "segment",
        "any",
        "all",
        "not",
        "field.…",
        "answer.…",
        "var.…",
    )
)


class _Names:
    """The names met on the way, for the checker."""

    def __init__(self) -> None:
        self.paths: list[Scalar] = []
        self.tags: list[Scalar] = []
        self.segments: list[Scalar] = []


def read_when(node: Node, reading: Reading) -> When | None:
    """A condition with the places of its names."""
    names = _Names()
    condition = _read(node, reading, names)
    if condition is None:
        return None
    return When(condition, node.place, tuple(names.paths), tuple(names.tags), tuple(names.segments))


def parse_comparison(text: str) -> Comparison | None:
    """One test as it is written; None when an operator lacks what it needs."""
    stripped = text.strip()
    if stripped in {"empty", "not empty"}:
        return Comparison("empty" if stripped == "empty" else "not empty")
    if stripped in STATUSES:
        return Comparison("status", stripped)
    compared = _COMPARED.fullmatch(stripped)
    if compared:
        operator: Operator = compared[1]  # type: ignore[assignment] # the pattern has only these
        return Comparison(operator, compared[2].strip())
    worded = _WORDED.fullmatch(stripped)
    if worded:
        is_bad = "within" in worded[1] and parse_duration(worded[2]) is None
        word: Operator = worded[1]  # type: ignore[assignment] # the pattern has only these
        return None if is_bad else Comparison(word, worded[2].strip())
    ranged = _RANGE.fullmatch(stripped)
    return Comparison("..", ranged[1], ranged[2]) if ranged else Comparison("=", stripped)


def read_tests(node: Node, reading: Reading) -> tuple[Comparison, ...]:
    """A value, or a list of which one must hold."""
    tests = []
    for item in many(scalar)(node, reading):
        test = parse_comparison(item.text)
        if test is None:
            wrong(item, reading, "not_a_comparison")
        else:
            tests.append(test)
    return tuple(tests)


def _read(node: Node, reading: Reading, names: _Names) -> Condition | None:
    if not isinstance(node, Table) or not node.entries:
        wrong(node, reading, "not_a_condition")
        return None
    found = [_entry(entry, reading, names) for entry in node.entries]
    conditions = tuple(condition for condition in found if condition is not None)
    return conditions[0] if len(conditions) == 1 else Every(conditions)


def _entry(entry: Entry, reading: Reading, names: _Names) -> Condition | None:
    key = entry.key.text
    match key:
        case "tag":
            return _tags(entry.value, reading, names)
        case "segment":
            segments = many(scalar)(entry.value, reading)
            names.segments.extend(segments)
            return InSegment(tuple(segment.text for segment in segments)) if segments else None
        case "business_hours":
            return _hours(entry.value, reading)
        case "any" | "all":
            return _several(key, entry.value, reading, names)
        case "not":
            inner = _read(entry.value, reading, names)
            return Not(inner) if inner is not None else None
        case "name" | "message":
            return ValueIs(key, read_tests(entry.value, reading))
        case _:
            return _value(entry, reading, names)


def _value(entry: Entry, reading: Reading, names: _Names) -> Condition | None:
    if not entry.key.text.startswith(_PATHS):
        unknown_key(entry.key, _KEYS, reading, Saying("in.condition"))
        return None
    names.paths.append(entry.key)
    tests = read_tests(entry.value, reading)
    return ValueIs(entry.key.text, tests) if tests else None


def _tags(node: Node, reading: Reading, names: _Names) -> Condition | None:
    is_all = isinstance(node, Table)
    if isinstance(node, Table):
        if node.keys() != ["all"]:
            wrong(node, reading, "not_a_tag_condition")
            return None
        node = node.entries[0].value
    tags = many(scalar)(node, reading)
    names.tags.extend(tags)
    return HasTag(tuple(tag.text for tag in tags), is_all=is_all) if tags else None


def _hours(node: Node, reading: Reading) -> Condition | None:
    if isinstance(node, Scalar) and node.text in {"open", "closed"}:
        return Hours(is_open=node.text == "open")
    wrong(node, reading, "not_open_closed")
    return None


def _several(key: str, node: Node, reading: Reading, names: _Names) -> Condition | None:

    nodes = node.items if isinstance(node, Items) else (node,)
    found = tuple(
        inner for inner in (_read(item, reading, names) for item in nodes) if inner is not None
    )
    if not found:
        return None
    return Some(found) if key == "any" else Every(found)
