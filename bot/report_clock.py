"""The clock that reports are counted by: the workspace's days, and the business hours of now.

Hours count as they stand when a figure is counted, also for what lies behind them.
"""

from datetime import datetime, timedelta

from flows.language.book import Book
from flows.language.calendars import Calendar
from storage.report_counting import Clock

MOST_DAYS = 370  # a reply that took longer is late enough


def report_clock(book: Book, zone: str) -> Clock:
    """By the calendar `main`; without one, every hour is a business hour."""
    calendar = book.house.calendar(None)
    return Clock(zone, lambda begin, end: open_seconds(calendar, begin, end))


def open_seconds(calendar: Calendar, begin: datetime, end: datetime) -> int:
    """How many seconds between two moments the business is open."""
    end = min(end, begin + timedelta(days=MOST_DAYS))
    day = calendar.local(begin).date() - timedelta(days=1)  # its hours may reach past midnight
    last = calendar.local(end).date()
    total, reached = 0.0, begin
    while day <= last:
        for span in sorted(calendar.hours_on(day), key=lambda span: span.start):
            opens, closes = calendar.span_on(day, span)
            first, until = max(opens, reached), min(closes, end)
            if until > first:  # hours that overlap count once
                total += (until - first).total_seconds()
                reached = until
        day += timedelta(days=1)
    return round(total)
