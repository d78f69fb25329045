"""How fast one person may do what is dear: send, search, make files. Above it: wait, nothing is
lost.

Each kind is a bucket of tries that fills again by itself. What costs the month's messages or takes
data away is counted for all processes together, in a row (`storage/paces`). A search costs nothing
but the process that it is asked of, so that process counts it, in memory; a row for each would cost
more than the search. Sockets and their handshakes are a process's own in the same way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock
from typing import Literal

from console.refusals import TooFast
from storage import paces
from storage.paces import Limit
from storage.unit import Store

Kind = Literal["send", "search", "export"]
MOST_KEPT = 10_000


LIMITS: Mapping[Kind, Limit] = {
    "send": Limit(60, 1.0),
    "search": Limit(90, 3.0),
    "export": Limit(10, 1 / 60),
}
SHARED: frozenset[Kind] = frozenset({"send", "export"})


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

    def check(
        self, store: Store, operator_id: str, kind: Kind, clock: Callable[[], datetime]
    ) -> None:
        """Raises TooFast."""
        limit, now = self.limits[kind], clock()
        if kind in SHARED:
            wait_s = store.write(lambda db: paces.take(db, operator_id, kind, limit, now))
        else:
            wait_s = self.buckets.take(operator_id, kind, limit, now)
        if wait_s:
            raise TooFast(kind, wait_s)
