"""How fast one person may do what is dear: send, search, make files. Above it: wait, nothing is
lost.

Each kind is a bucket of tries that fills again by itself. They are counted in this process alone:
a limit is there to keep one person, or a program that has their session, from using up the
machine or the month's messages, and need not be exact to the last one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock
from typing import Literal

from console.refusals import TooFast

Kind = Literal["send", "search", "export"]
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """burst: so many at once; per_s: so many come back in a second."""

    burst: int
    per_s: float


LIMITS: Mapping[Kind, Limit] = {
    "send": Limit(60, 1.0),
    "search": Limit(90, 3.0),
    "export": Limit(10, 1 / 60),
}


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


@dataclass(slots=True)
class Buckets:
    """Who has how many tries left; those of who was here longest ago are forgotten first."""

    _of: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, who: str, what: str, limit: Limit, now: datetime) -> int:
        """Use one try: 0, or in how many seconds there is one again."""
        with self._lock:
            bucket = self._of.pop((who, what), None) or _Bucket(limit.burst, now)
            passed_s = max(0.0, (now - bucket.at).total_seconds())
            bucket.left = min(limit.burst, bucket.left + passed_s * limit.per_s)
            bucket.at = now
            is_free = bucket.left >= 1
            bucket.left -= is_free
            self._of[who, what] = bucket
            if len(self._of) > MOST_KEPT:
                del self._of[next(iter(self._of))]
            return 0 if is_free else ceil((1 - bucket.left) / limit.per_s)


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of the people at the console."""

    limits: Mapping[Kind, Limit] = field(default_factory=lambda: LIMITS)
    buckets: Buckets = field(default_factory=Buckets)

    def check(self, operator_id: str, kind: Kind, clock: Callable[[], datetime]) -> None:
        """Raises TooFast."""
        wait_s = self.buckets.take(operator_id, kind, self.limits[kind], clock())
        if wait_s:
            raise TooFast(kind, wait_s)
