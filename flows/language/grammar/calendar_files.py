"""A calendar's file: the week, what holidays are like, and the days that are different."""

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.language.calendars import DAYS, MINUTES_A_DAY, Calendar, Hours, Span, SpecialDays
from flows.language.grammar.primitives import Reader, Reading, read_table, scalar, wrong
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_LATEST = 48 * 60


def read_calendar(node: Node, reading: Reading) -> Calendar | None:
    """`weekly`, with `timezone`, `holidays`, `exceptions`."""
    values = read_table(node, CALENDAR, reading, required=("weekly",), what=Saying("in.calendar"))
    if values is None or "weekly" not in values:
        return None
    weekly: tuple[Hours, ...] = values["weekly"]
    return Calendar(
        zone=values.get("timezone", "Asia/Tokyo"),
        weekly=weekly,
        on_holidays=_on_holidays(values.get("holidays"), weekly, reading),
        exceptions=_exceptions(values.get("exceptions"), weekly, reading),
    )


def _zone(node: Node, reading: Reading) -> str | None:
    name = scalar(node, reading)
    if name is None:
        return None
    try:
        ZoneInfo(name.text)
    except (ZoneInfoNotFoundError, ValueError):
        wrong(node, reading, "no_zone", name=name.text)
        return None
    return name.text


def _weekly(node: Node, reading: Reading) -> tuple[Hours, ...] | None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_weekly")
        return None
    week: dict[int, Hours] = {}
    later: list[tuple[list[int], Node]] = []
    for entry in node.entries:
        days = _days(entry.key, reading)
        for day in days:
            if day in week or any(day in others for others, _ in later):
                wrong(entry.key, reading, "day_twice", day=DAYS[day])
        if isinstance(entry.value, Scalar) and entry.value.text.startswith("like "):
            later.append((days, entry.value))
        else:
            week |= dict.fromkeys(days, _hours(entry.value, None, reading))
    known = tuple(week.get(day, ()) for day in range(7))
    for days, value in later:
        week |= dict.fromkeys(days, _hours(value, known, reading))
    return tuple(week.get(day, ()) for day in range(7))


def _days(key: Scalar, reading: Reading) -> list[int]:
    first, _, last = key.text.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        wrong(key, reading, "not_a_day", text=key.text, days=DAYS)
        return []
    start, end = DAYS.index(first), DAYS.index(last or first)
    length = (end - start) % 7 + 1
    return [(start + offset) % 7 for offset in range(length)]


def _hours(node: Node, week: tuple[Hours, ...] | None, reading: Reading) -> Hours:
    if isinstance(node, Items):
        return tuple(span for item in node.items for span in _hours(item, week, reading))
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text == "closed":
        return ()
    if text.startswith("like ") and week is not None and text[5:] in DAYS:
        return week[DAYS.index(text[5:])]
    span = _span(text)
    if span is None:
        wrong(node, reading, "not_hours", text=text)
        return ()
    return (span,)


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    is_real = start_minute < 60 and end_minute < 60 and start < MINUTES_A_DAY and end <= _LATEST  # noqa: PLR2004 # a clock
    if not is_real:
        return None
    return Span(start, end if end > start else end + MINUTES_A_DAY)


def _on_holidays(node: Node | None, weekly: tuple[Hours, ...], reading: Reading) -> Hours | None:
    if node is None:
        return None
    values = read_table(
        node, {"japan": lambda inner, r: _hours(inner, weekly, r)}, reading, what="holidays"
    )
    return values.get("japan") if values is not None else None


def _exceptions(
    node: Node | None, weekly: tuple[Hours, ...], reading: Reading
) -> tuple[SpecialDays, ...]:
    if node is None:
        return ()
    if not isinstance(node, Table):
        wrong(node, reading, "not_exceptions")
        return ()
    found = []
    for entry in node.entries:
        first, _, last = entry.key.text.partition("..")
        try:
            days = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            wrong(entry.key, reading, "not_a_date", text=entry.key.text)
            continue
        found.append(SpecialDays(*days, _hours(entry.value, weekly, reading)))
    return tuple(found)


CALENDAR: Mapping[str, Reader] = {
    "timezone": _zone,
    "weekly": _weekly,
    "holidays": lambda inner, _reading: inner,  # `like sun` needs the week
    "exceptions": lambda inner, _reading: inner,
}
