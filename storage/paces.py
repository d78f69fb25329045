"""How fast one operator may do what costs money or takes data away, in all processes together.

A bucket of tries that fills again by itself, kept as the moment at which it will be full. The row
is locked while it is asked, so that two processes never give the same try away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from storage.dialects import insert_once
from storage.models.operators import Pace


@dataclass(frozen=True, slots=True)
class Limit:
    """burst: so many at once; per_s: so many come back in a second."""

    burst: int
    per_s: float


def take(db: Session, operator_id: str, deed: str, limit: Limit, now: datetime) -> int:
    """Use one try: 0, or in how many seconds there is one again."""
    new = {"operator_id": operator_id, "deed": deed, "free_at": now}
    insert_once(db, Pace, new, ["operator_id", "deed"])
    row = db.get_one(Pace, (operator_id, deed), with_for_update=True, populate_existing=True)
    one_try = timedelta(seconds=1 / limit.per_s)
    # No bucket is emptier than empty: a clock that was wrong, or an older limit, keeps nobody out.
    row.free_at = min(row.free_at, now + limit.burst * one_try)
    db.add(row)
    wait = row.free_at - now - (limit.burst - 1) * one_try
    if wait > timedelta():
        return ceil(wait.total_seconds())
    row.free_at = max(row.free_at, now) + one_try
    return 0
