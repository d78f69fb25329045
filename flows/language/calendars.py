"""Opening hours: whether a business is open at a moment, and when it opens next.

Exceptions beat holidays, holidays beat the week. Hours that go past midnight belong to the day on
which they begin. Holidays of Japan come with substitute and citizens' holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 370
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of the day from `start` (included) to `end` (excluded); `end` may be past 24:00."""

    start: int
    end: int


Hours = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Special hours from one day to another, both included."""

    first: date
    last: date
    hours: Hours


@dataclass(frozen=True, slots=True)
class Calendar:
    """A week, what holidays are like, and the days that are different. weekly: Monday first."""

    zone: str = "Asia/Tokyo"
    weekly: tuple[Hours, ...] = field(default=((Span(0, MINUTES_A_DAY),),) * 7)
    on_holidays: Hours | None = None
    exceptions: tuple[SpecialDays, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """The moment as this calendar's clock shows it."""
        return moment.astimezone(ZoneInfo(self.zone))

    def is_open(self, moment: datetime) -> bool:
        """Whether the business is open. Yesterday's hours may reach into today."""
        local = self.local(moment)
        minutes = local.hour * 60 + local.minute
        return any(
            span.start <= minutes + days_back * MINUTES_A_DAY < span.end
            for days_back in (0, 1)
            for span in self.hours_on(local.date() - timedelta(days=days_back))
        )

    def next_open(self, moment: datetime) -> datetime | None:
        """The first moment afterwards at which it goes from closed to open; UTC."""
        local = self.local(moment)
        for offset in range(-1, LOOK_AHEAD_DAYS + 1):
            day = local.date() + timedelta(days=offset)
            for span in sorted(self.hours_on(day), key=lambda s: s.start):
                opening = self._at(day, span.start)
                if opening > moment and not self.is_open(opening - timedelta(minutes=1)):
                    return opening
        return None

    def stretches(self, first: date, days: int) -> list[tuple[datetime, datetime]]:
        """From when to when it is open, of so many days: in order, none touching another; UTC."""
        spans = [
            (self._at(day, span.start), self._at(day, span.end))
            for day in (first + timedelta(days=offset) for offset in range(days))
            for span in self.hours_on(day)
        ]
        found: list[tuple[datetime, datetime]] = []
        for begin, end in sorted(spans):
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            elif end > begin:
                found.append((begin, end))
        return found

    def hours_on(self, day: date) -> Hours:
        """The hours that begin on a day."""
        for exception in reversed(self.exceptions):
            if exception.first <= day <= exception.last:
                return exception.hours
        if self.on_holidays is not None and is_holiday(day):
            return self.on_holidays
        return self.weekly[day.weekday()]

    def span_on(self, day: date, span: Span) -> tuple[datetime, datetime]:
        """When hours that begin on a day begin and end; UTC."""
        return self._at(day, span.start), self._at(day, span.end)

    def _at(self, day: date, minutes: int) -> datetime:
        extra_days, minutes = divmod(minutes, MINUTES_A_DAY)
        at = time(minutes // 60, minutes % 60)
        local = datetime.combine(day + timedelta(days=extra_days), at, ZoneInfo(self.zone))
        return local.astimezone(UTC)


ALWAYS_OPEN = Calendar()


def is_holiday(day: date) -> bool:
    """Whether it is a holiday of Japan."""
    return day in _holidays_of(day.year)


def holiday_name(day: date) -> str | None:
    """What a holiday of Japan is called; None on other days."""
    return _holidays_of(day.year).get(day)


@lru_cache(maxsize=16)
def _holidays_of(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("JP", years=year, language="ja"))
