"""When the queues are open, worked out from the published calendars for storage to count by."""

from datetime import datetime

from sqlmodel import Session

from flows.language.book import Book
from flows.language.calendars import ALWAYS_OPEN, Calendar
from storage.lateness import look_at_all
from storage.opening import Span, keep_hours

DAYS_BACK = 60  # a clock that began then still knows the hours that have passed
DAYS_AHEAD = 120


def plan(db: Session, book: Book, now: datetime, *, is_new: bool) -> None:
    """Keep the hours of each queue. is_new: other flows were published, so clocks may move."""
    house = book.house
    calendars = {name: house.hours_of(name) or house.calendar(None) for name in house.queues.names}
    hours = {name: _spans(calendar, now) for name, calendar in calendars.items()}
    if keep_hours(db, hours) and is_new:
        look_at_all(db, now)


def _spans(calendar: Calendar, now: datetime) -> list[Span] | None:
    if calendar == ALWAYS_OPEN:
        return None
    first = calendar.local(now).date().toordinal() - DAYS_BACK
    stretches = calendar.stretches(datetime.fromordinal(first).date(), DAYS_BACK + DAYS_AHEAD)
    return [(_minutes(begin), _minutes(end)) for begin, end in stretches]


def _minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
