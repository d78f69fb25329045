"""Which days a report is of, as an address names them, in the workspace's zone."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.report_figures import Period

DAYS, MOST_DAYS = 7, 366


def today(zone: str, now: datetime) -> date:
    """The day that it is where the workspace is."""
    return now.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def read_period(query: Mapping[str, str | None], zone: str, now: datetime) -> Period:
    """`from` and `to`, both included; the last days without them. Raises ValueError."""
    newest = today(zone, now)
    last = _day(query.get("to")) or newest
    first = _day(query.get("from")) or last - timedelta(days=DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValueError(f"a period is of 1 to {MOST_DAYS} days, its first day first")
    return Period(first, last, query.get("account"))


def days_of(period: Period) -> list[date]:
    """Each day, in order."""
    count = (period.last - period.first).days + 1
    return [period.first + timedelta(days=number) for number in range(count)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
