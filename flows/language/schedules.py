"""When the clock starts a flow: 毎日 10:00, 毎週月曜 10:00, 毎月末日 10:00, a moment, or cron.

What people write in words becomes the five fields of cron, so that there is one way to count on.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from cronsim import CronSim, CronSimError

WEEKDAYS = "日月火水木金土"
CRON_FIELDS = 5
_CLOCK = r"\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_WORDS = (
    (re.compile(r"毎日" + _CLOCK), "* * *"),
    (re.compile(r"毎週(?P<weekday>[日月火水木金土])曜日?" + _CLOCK), "* * {weekday}"),
    (re.compile(r"毎月末日" + _CLOCK), "L * *"),
    (re.compile(r"毎月(?P<day>\d{1,2})日" + _CLOCK), "{day} * *"),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One moment on the calendar's clock, or five cron fields."""

    once: datetime | None = None  # without a zone: the calendar's
    cron: str = ""

    def next_after(self, local: datetime) -> datetime | None:
        """The first moment after this one, on the same clock; None when none is left."""
        if self.once is not None:
            once = self.once.replace(tzinfo=local.tzinfo)
            return once if once > local else None
        return next(CronSim(self.cron, local), None)


def parse_schedule(text: str) -> Schedule | None:
    """None for what is no schedule."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern, fields in _WORDS:
        found = pattern.fullmatch(plain)
        if found:
            return _cron(_from_words(found, fields))
    try:
        return Schedule(once=datetime.strptime(plain, "%Y-%m-%d %H:%M"))  # noqa: DTZ007 # see once
    except ValueError:
        return _cron(plain) if len(plain.split()) == CRON_FIELDS else None


def _from_words(found: re.Match[str], fields: str) -> str:
    named = found.groupdict()
    weekday = str(WEEKDAYS.index(named["weekday"])) if "weekday" in named else ""
    days = fields.format(weekday=weekday, day=named.get("day", ""))
    return f"{int(named['minute'])} {int(named['hour'])} {days}"


def _cron(fields: str) -> Schedule | None:
    try:
        CronSim(fields, datetime(2026, 1, 1))  # noqa: DTZ001 # only whether it can be read
    except CronSimError:
        return None
    return Schedule(cron=fields)
