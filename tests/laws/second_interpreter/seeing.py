"""What a flow sees of its friend: conditions (§4) and texts with holes (§8), read once more."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.laws.second_interpreter.reading import Tree, length, listed
from tests.laws.second_interpreter.typed import normal

STATUSES = {"skipped", "no_reply", "gave_up", "not_asked"}


@dataclass(frozen=True, slots=True)
class Status:
    """How an answer came to be empty."""

    name: str


Stored = str | int | float | list[str] | Status | None
Lookup = Callable[[str], Stored]


def shown(value: Stored) -> str:
    """A value as a text says it."""
    if value is None or isinstance(value, Status):
        return ""
    if isinstance(value, list):
        return "、".join(value)
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = str(value)
    return text.replace("T", " ") if _is_moment(text) else text


def _is_moment(text: str) -> bool:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M") is not None  # noqa: DTZ007 # as it stands
    except ValueError:
        return False


def filled(text: str, lookup: Lookup) -> str:
    """A text with its holes filled; final line breaks are dropped."""

    def hole(found: re.Match[str]) -> str:
        path, *filters = (part.strip() for part in found[1].split("|"))
        said = shown(lookup(path))
        for each in filters:
            name, _, argument = each.partition(":")
            said = {"san": f"{said}さん" if said else "", "default": said or argument}[name]
        return said

    return re.sub(r"\{\{(.*?)\}\}", hole, text).rstrip("\n")


def number(value: Stored) -> float | None:
    """A value as a number, if it is one."""
    try:
        return float(shown(value))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a condition may ask."""

    tags: set[str]
    lookup: Lookup
    is_open: bool
    segments: dict[str, Tree]
    now: datetime

    def holds(self, condition: Tree | None) -> bool:
        """Whether every entry of a condition holds; an absent one does."""
        return all(self._entry(key, wanted) for key, wanted in (condition or {}).items())

    def _entry(self, key: str, wanted: Any) -> bool:
        match key:
            case "any":
                return any(self.holds(one) for one in wanted)
            case "all":
                return all(self.holds(one) for one in wanted)
            case "not":
                return not self.holds(wanted)
            case "tag" if isinstance(wanted, dict):
                return set(wanted["all"]) <= self.tags
            case "tag":
                return bool(self.tags & set(listed(wanted)))
            case "business_hours":
                return self.is_open == (wanted == "open")
            case "segment":
                return any(self.holds(self.segments[one]) for one in listed(wanted))
        return any(self._is(self.lookup(key), one) for one in listed(wanted))

    def _is(self, value: Stored, wanted: str) -> bool:
        if wanted in STATUSES:
            return value == Status(wanted)
        if wanted in {"empty", "not empty"}:
            return (shown(value) == "") == (wanted == "empty")
        if isinstance(value, list) and value:
            every = all if wanted.startswith("!=") else any  # none of them is it
            return every(self._one_is(one, wanted) for one in value)
        return self._one_is(value, wanted)

    def _one_is(self, value: Stored, wanted: str) -> bool:
        word, _, rest = wanted.partition(" ")
        said = normal(shown(value)) if shown(value) else None
        match word:
            case "!=":
                return not self._equal(value, rest)
            case "=":
                return self._equal(value, rest)
            case "contains":
                return said is not None and normal(rest) in said
            case "starts":
                return said is not None and said.startswith(normal(rest))
            case ">=" | "<=" | ">" | "<":
                return self._compares(value, word, rest)
        low, dots, high = wanted.partition("..")
        if dots:
            return self._compares(value, ">=", low) and self._compares(value, "<=", high)
        return self._equal(value, wanted)

    def _equal(self, value: Stored, wanted: str) -> bool:
        if not shown(value):
            return False
        both = number(value), number(wanted)
        if None not in both:
            return both[0] == both[1]
        return normal(shown(value)) == normal(wanted)

    def _compares(self, value: Stored, sign: str, wanted: str) -> bool:
        mine: Any = number(value)
        other: Any = number(wanted)
        if other is None:
            other, mine = day_or(wanted, self.now), shown(value)
            if not (_is_day(other) and _is_day(mine)):
                return False
        if mine is None:
            return False
        return {">=": mine >= other, "<=": mine <= other, ">": mine > other, "<": mine < other}[
            sign
        ]


def day_or(text: str, now: datetime) -> str:
    """`today`, `now`, each with `+DUR` or `-DUR`, as a stored date or date-time; else the text."""
    found = re.fullmatch(r"(today|now)(?:([+-])(\w+))?", text)
    if found is None:
        return text
    delta = length(found[3]) if found[3] else timedelta()
    moment = now - delta if found[2] == "-" else now + delta
    if found[1] == "now":
        return moment.strftime("%Y-%m-%dT%H:%M")
    start = datetime.combine(now.date(), datetime.min.time())
    return ((start - delta) if found[2] == "-" else (start + delta)).date().isoformat()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
