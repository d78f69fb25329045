"""Opening hours as a form shows them: a week, holidays, exceptions; and a month as it really is."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from flows.language.calendars import DAYS, Calendar, Span, holiday_name, is_holiday
from flows.language.house_rows.odd import Odd, as_list, as_map, as_text
from flows.language.rewriting.spots import NotRewritable
from flows.language.rewriting.weeks import hours_by_day
from flows.language.rewriting.writing import Value

Row = dict[str, Any]
_MINUTES = 60


def calendar_rows(tree: dict[str, Value]) -> Row:
    """The week, Monday first, with what holidays are like and the days that are different."""
    week = as_map(tree.get("weekly", {}))
    try:
        by_day = hours_by_day(week)
    except NotRewritable as error:
        raise Odd from error
    special = as_map(tree.get("holidays", {}))
    exceptions = as_map(tree.get("exceptions", {}))
    return {
        "zone": as_text(tree.get("timezone", "Asia/Tokyo")),
        "week": [_day(week, day, by_day[day]) for day in DAYS],
        "holidays": _hours(special["japan"]) if "japan" in special else None,
        "has_exceptions": "exceptions" in tree,
        "rows": [_exception(key, hours) for key, hours in exceptions.items()],
    }


def month_rows(calendar: Calendar, year: int, month: int) -> list[Row]:
    """Each day of a month with its hours, and why it has them."""
    days = [date(year, month, day + 1) for day in range(monthrange(year, month)[1])]
    return [
        {
            "date": day.isoformat(),
            "hours": [_span(span) for span in calendar.hours_on(day)],
            "why": _why(calendar, day),
            "holiday": holiday_name(day),
        }
        for day in days
    ]


def _day(week: dict[str, Value], day: str, hours: Value) -> Row:
    keys = (key for key in week if day in hours_by_day_of(key))
    return {"at": ["weekly", next(keys, day)], "day": day, "hours": _hours(hours)}


def hours_by_day_of(key: str) -> list[str]:
    """The days that a key of the week names."""
    return [day for day, hours in hours_by_day({key: key}).items() if hours == key]


def _exception(key: str, hours: Value) -> Row:
    first, _, last = key.partition("..")
    return {
        "at": ["exceptions", key],
        "key": key,
        "first": first,
        "last": last or first,
        "hours": _hours(hours),
    }


def _hours(value: Value) -> Row:
    """kind: closed, spans, like, or other: what only the text can show."""
    texts = [as_text(item) for item in as_list(value)]
    spans = [text.partition("-") for text in texts]
    row: Row = {"kind": "other", "spans": [], "like": None, "text": ", ".join(texts)}
    if texts == ["closed"] or not texts:
        row["kind"] = "closed"
    elif len(texts) == 1 and texts[0].removeprefix("like ") in DAYS:
        row |= {"kind": "like", "like": texts[0].removeprefix("like ")}
    elif all(dash and end for _, dash, end in spans):
        row |= {"kind": "spans", "spans": list(_parted(texts))}
    return row


def _parted(texts: list[str]) -> Iterator[Row]:
    for text in texts:
        start, _, end = text.partition("-")
        yield {"start": start, "end": end}


def _span(span: Span) -> str:
    return f"{_clock(span.start)}-{_clock(span.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // _MINUTES:02}:{minutes % _MINUTES:02}"


def _why(calendar: Calendar, day: date) -> str:
    if any(special.first <= day <= special.last for special in calendar.exceptions):
        return "exception"
    return "holiday" if calendar.on_holidays is not None and is_holiday(day) else "week"
