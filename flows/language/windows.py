"""The hours of the day in which a flow may send by itself. They may go over midnight."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (included) to `end` (excluded), on the calendar's clock."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether the window is open."""
        now = local.time().replace(tzinfo=None)
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def within(self, local: datetime) -> datetime:
        """The moment itself, or the next opening when it falls outside."""
        if self.holds(local):
            return local
        opening = local.replace(
            hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0
        )
        return opening if opening > local else opening + timedelta(days=1)
