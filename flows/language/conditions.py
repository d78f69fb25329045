"""Conditions as a tree, and whether one holds. Comparing with something missing is false.

The same tree is what a saved segment stores as JSON, so it holds no closures and no places.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, Protocol, assert_never

from flows.language.durations import parse_duration
from flows.language.normalise import normalise
from flows.language.templates import as_number, show
from flows.language.words import Value

STATUSES = ("skipped", "no_reply", "gave_up", "not_asked")
Operator = Literal[
    "=", "!=", "contains", "starts", ">=", ">", "<=", "<", "..", "within", "not within",
    "empty", "not empty", "status",
]  # fmt: skip

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Missing:
    """An answer that is none: skipped, no_reply, gave_up, not_asked."""

    status: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of a value; `high` is the upper end of `a..b`."""

    operator: Operator
    operand: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class ValueIs:
    """The value at a path passes one of the tests."""

    path: str
    tests: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class HasTag:
    """The customer has one of the tags, or all of them."""

    tags: tuple[str, ...]
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """The flow's calendar is open, or closed."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class InSegment:
    """The customer is in one of these saved segments."""

    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold. An empty one holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of them holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    condition: "Condition"


Condition = ValueIs | HasTag | Hours | InSegment | Every | Some | Not


class World(Protocol):
    """What a condition may look at. `now` is in the calendar's zone."""

    @property
    def now(self) -> datetime: ...

    @property
    def tags(self) -> frozenset[str]: ...

    def value(self, path: str) -> Value | Missing: ...

    def is_open(self) -> bool: ...

    def is_in(self, segment: str) -> bool: ...


def holds(condition: Condition, world: World) -> bool:
    """Whether the condition is true now."""
    match condition:
        case Every():
            return all(holds(inner, world) for inner in condition.conditions)
        case Some():
            return any(holds(inner, world) for inner in condition.conditions)
        case Not():
            return not holds(condition.condition, world)
        case HasTag():
            found = [tag in world.tags for tag in condition.tags]
            return all(found) if condition.is_all else any(found)
        case Hours():
            return world.is_open() == condition.is_open
        case InSegment():
            return any(world.is_in(segment) for segment in condition.segments)
        case ValueIs():
            value = world.value(condition.path)
            return any(passes(test, value, world.now) for test in condition.tests)
        case _:
            assert_never(condition)


def passes(test: Comparison, value: Value | Missing, now: datetime) -> bool:
    """Whether one value passes one test; a list when one of its does (`!=`: none is it)."""
    if test.operator == "status":
        return isinstance(value, Missing) and value.status == test.operand
    is_empty = isinstance(value, Missing) or show(value) == ""
    if is_empty or isinstance(value, Missing):
        return test.operator in {"empty", "!=", "not within"}
    if test.operator in {"empty", "not empty"}:
        return test.operator == "not empty"
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = [_passes_one(test, item, now) for item in value]
        return all(found) if test.operator == "!=" else any(found)
    return _passes_one(test, value, now)


def moment_of(text: str, now: datetime, like: str) -> str | None:
    """`today`, `now`, each with ±DUR, as text of the same kind as `like` (date or date-time)."""
    for word in ("today", "now"):
        if text.startswith(word):
            rest = text[len(word) :].strip()
            length = parse_duration(rest[1:]) if rest else timedelta()
            if length is None or (rest and rest[0] not in "+-"):
                return None
            moved = now + length if not rest or rest[0] == "+" else now - length
            is_time = "T" in like or (word == "now" and len(like) > len("2026-12-01"))
            return moved.strftime("%Y-%m-%dT%H:%M" if is_time else "%Y-%m-%d")
    return text


def _passes_one(test: Comparison, value: Value, now: datetime) -> bool:
    match test.operator:
        case "=":
            return _equal(value, test.operand)
        case "!=":
            return not _equal(value, test.operand)
        case "contains" | "starts":
            text, part = normalise(show(value)), normalise(test.operand)
            return text.startswith(part) if test.operator == "starts" else part in text
        case "within" | "not within":
            return _is_within(value, test.operand, now) == (test.operator == "within")
        case "..":
            return _compare(value, ">=", test.operand, now) and _compare(
                value, "<=", test.high, now
            )
        case ">=" | ">" | "<=" | "<":
            return _compare(value, test.operator, test.operand, now)
        case "empty" | "not empty" | "status":
            return False
        case _:
            assert_never(test.operator)


def _equal(value: Value, operand: str) -> bool:
    left, right = as_number(value), as_number(operand)
    if left is not None and right is not None:
        return left == right
    return normalise(show(value)) == normalise(operand.replace("T", " "))


def _compare(value: Value, operator: str, operand: str, now: datetime) -> bool:
    check = _ORDER[operator]
    left, right = as_number(value), as_number(operand)
    if left is not None and right is not None:
        return check((left > right) - (left < right))
    if not isinstance(value, str):
        return False
    bound = moment_of(operand, now, value)
    if bound is None or not _same_kind(value, bound):
        return False
    text, other = value.replace(" ", "T"), bound.replace(" ", "T")
    if len(text) != len(other):  # a date against a date-time: by the day
        shortest = min(len(text), len(other))
        text, other = text[:shortest], other[:shortest]
    return check((text > other) - (text < other))


def _same_kind(value: str, bound: str) -> bool:
    kind = _kind(value)
    return bool(kind) and kind == _kind(bound)


def _kind(text: str) -> str:
    """Of what is really a date, with or without a time, or a time; a 25th hour is only a text."""
    try:
        if _DATE.fullmatch(text):
            datetime.fromisoformat(text)
            return "date"
        if _TIME.fullmatch(text):
            time.fromisoformat(text)
            return "time"
    except ValueError:
        return ""
    return ""


def _is_within(value: Value, operand: str, now: datetime) -> bool:
    length = parse_duration(operand)
    if length is None or not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=now.tzinfo)
    except ValueError:
        return False
    start = now - length
    if "T" not in value:
        return start.date() <= moment.date() <= now.date()
    return start <= moment <= now


_ORDER: dict[str, Callable[[int], bool]] = {
    ">=": lambda order: order >= 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    "<": lambda order: order < 0,
}
