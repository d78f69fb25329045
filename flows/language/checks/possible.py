"""Whether a condition can hold at all, found by trying every situation that it tells apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from math import prod

from flows.language.checks.domains import Domains
from flows.language.checks.probes import NOW, mixes_clocks, probes
from flows.language.conditions import (
    Comparison,
    Condition,
    Every,
    HasTag,
    InSegment,
    Missing,
    Not,
    Some,
    ValueIs,
    holds,
)
from flows.language.words import Value

MOST_SITUATIONS = 4000
_Mark = tuple[str, str]  # tag or segment, and its name


@dataclass(frozen=True, slots=True)
class _Situation:
    values: Mapping[str, Value | Missing]
    tags: frozenset[str]
    segments: frozenset[str]
    opens: bool
    now: datetime = NOW

    def value(self, path: str) -> Value | Missing:
        return self.values[path]

    def is_open(self) -> bool:
        return self.opens

    def is_in(self, segment: str) -> bool:
        return segment in self.segments


def can_hold(condition: Condition, domains: Domains) -> bool | None:
    """True, False, or None when there are too many situations to try, or time decides."""
    tests = _tests(condition)
    marks = sorted({mark for part in _parts(condition) for mark in _marks(part)})
    tried = {path: probes(domains.of(path), found) for path, found in tests.items()}
    values = {path: found for path, found in tried.items() if found is not None}
    count = 2 ** (len(marks) + 1) * prod(len(found) for found in values.values())
    every_test = [test for found in tests.values() for test in found]
    is_unclear = mixes_clocks([domains.of(path) for path in tests], every_test)
    if len(values) < len(tests) or count > MOST_SITUATIONS or is_unclear:
        return None
    return any(holds(condition, situation) for situation in _situations(values, marks))


def _situations(
    values: Mapping[str, list[Value | Missing]], marks: list[_Mark]
) -> Iterator[_Situation]:
    for chosen in product(*values.values()):
        for has in product((False, True), repeat=len(marks)):
            on = [mark for mark, is_on in zip(marks, has, strict=True) if is_on]
            tags, segments = (
                frozenset(name for kind, name in on if kind == wanted)
                for wanted in ("tag", "segment")
            )
            for opens in (False, True):
                yield _Situation(dict(zip(values, chosen, strict=True)), tags, segments, opens)


def _tests(condition: Condition) -> dict[str, list[Comparison]]:
    found: dict[str, list[Comparison]] = {}
    for part in _parts(condition):
        if isinstance(part, ValueIs):
            found.setdefault(part.path, []).extend(part.tests)
    return found


def _marks(part: Condition) -> list[_Mark]:
    match part:
        case HasTag():
            return [("tag", tag) for tag in part.tags]
        case InSegment():
            return [("segment", segment) for segment in part.segments]
        case _:
            return []


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case Every() | Some():
            for inner in condition.conditions:
                yield from _parts(inner)
        case Not():
            yield from _parts(condition.condition)
        case _:
            pass
