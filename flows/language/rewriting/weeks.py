"""The hours of one day, where a file has one line for several: the line is parted, and joined."""

from collections.abc import Iterator
from itertools import pairwise

from flows.language.calendars import DAYS
from flows.language.rewriting.spots import NotRewritable
from flows.language.rewriting.steps import Change, Put, Remove, Rename, SetDay
from flows.language.rewriting.writing import Value

WEEKLY = "weekly"
CLOSED = "closed"


def changes_for(tree: Value, wanted: SetDay, *, is_joined: bool = True) -> list[Change]:
    """What to change in the map `weekly`. Raises NotRewritable when it cannot be read.

    is_joined: a day takes part again in a line beside it that has the same hours.
    """
    week = tree.get(WEEKLY) if isinstance(tree, dict) else None
    if not isinstance(week, dict) or wanted.day not in DAYS:
        raise NotRewritable
    day = DAYS.index(wanted.day)
    owner = next((key for key in week if day in _days(key)), None)
    if owner is None:
        is_new = wanted.hours != CLOSED
        return [Put((WEEKLY, wanted.day), wanted.hours)] if is_new else []
    if week[owner] == wanted.hours:
        return []
    changes = list(_parted(owner, day, week[owner], wanted.hours))
    return [*changes, *_joined(week, owner, day, wanted.hours)] if is_joined else changes


def hours_by_day(week: dict[str, Value]) -> dict[str, Value]:
    """What is written for each day, Monday first; a day that nothing names is closed."""
    found: dict[str, Value] = dict.fromkeys(DAYS, CLOSED)
    for key, hours in week.items():
        found |= dict.fromkeys((DAYS[day] for day in _days(key)), hours)
    return found


def _parted(owner: str, day: int, old: Value, new: Value) -> Iterator[Change]:
    """The day alone, between what stays of its line before and behind it."""
    days = _days(owner)
    before, after = days[: days.index(day)], days[days.index(day) + 1 :]
    kept = [part for part in (before, after) if part]
    if not kept:
        yield Put((WEEKLY, owner), new)
        return
    names = [_name(part) for part in (before, [day], after) if part]
    yield Rename((WEEKLY, owner), names[0])
    for previous, name in pairwise(names):
        yield Put((WEEKLY, name), new if name == DAYS[day] else old, after=previous)
    if not before:
        yield Put((WEEKLY, names[0]), new)


def _joined(week: dict[str, Value], owner: str, day: int, new: Value) -> Iterator[Change]:
    """One line again with the neighbours that have the same hours."""
    days = _days(owner)
    before, after, own = days[: days.index(day)], days[days.index(day) + 1 :], [day]
    others = {key: _days(key) for key in week if key != owner and week[key] == new}
    name = owner if own == days else DAYS[day]
    if not before:
        left = next((key for key, them in others.items() if (them[-1] + 1) % 7 == day), None)
        if left is not None:
            yield Remove((WEEKLY, name))
            own = [*others.pop(left), *own]
            name = _name(own)
            yield Rename((WEEKLY, left), name)
    if not after:
        right = next((key for key, them in others.items() if (own[-1] + 1) % 7 == them[0]), None)
        if right is not None:
            yield Remove((WEEKLY, name))
            yield Rename((WEEKLY, right), _name([*own, *others[right]]))


def _days(key: str) -> list[int]:
    """The days that a key names, in its order. Raises NotRewritable."""
    first, _, last = key.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise NotRewritable
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [(start + offset) % 7 for offset in range((end - start) % 7 + 1)]


def _name(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
