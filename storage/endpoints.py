"""How fast an account may call each endpoint of LINE: LINE's own limits, kept on our side too.

A token bucket for each account and endpoint, as a row that every worker takes from under its lock,
so several processes together stay within the limit. Messaging API reference, "Rate limits", checked
2026-08. A 429 for the rate pauses the whole endpoint of the account, longer each time.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlmodel import Session, col

from storage.dialects import insert_once
from storage.models.work import Delivery, Endpoint
from storage.objects import Query

Name = Literal["reply", "push", "multicast", "loading", "read"]
NAMES: tuple[Name, ...] = get_args(Name)
# A second. Of multicasts half of what LINE allows: nobody waits for a broadcast's end.
LIMITS: dict[Name, float] = {
    "reply": 2000, "push": 2000, "multicast": 100, "loading": 100, "read": 2000,
}  # fmt: skip
BURST_S = 0.25  # of the limit at once: what waits on the way must not arrive as too much
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = dict.fromkeys(NAMES, 60.0) | {"reply": 2.0}  # a token is short


class Rooms:
    """The buckets that one unit of work takes from, locked in one order by all."""

    def __init__(self, db: Session, wanted: Iterable[tuple[str, Name]], now: datetime) -> None:
        self._rows = {key: _filled(db, *key, now) for key in sorted(set(wanted))}
        self._now = now

    def has_refused(self, account_id: str, name: Name) -> bool:
        """Whether LINE refused the last calls for the rate."""
        return self._rows[account_id, name].refusals > 0

    def take(self, account_id: str, name: Name) -> bool:
        """Whether one more call may be made now; it is counted when it may."""
        row = self._rows[account_id, name]
        if row.room < 1 or (row.paused_until is not None and row.paused_until > self._now):
            return False
        row.room -= 1
        return True


def take_one(db: Session, account_id: str, name: Name, now: datetime) -> bool:
    """Whether one call may be made now."""
    return Rooms(db, [(account_id, name)], now).take(account_id, name)


def refused(db: Session, account_id: str, name: Name, cause: str, now: datetime) -> None:
    """LINE said 429 for the rate: nobody calls this endpoint of the account for a while.

    cause: makes the jitter, so that accounts and processes do not come back together.
    """
    row = _filled(db, account_id, name, now)
    if row.paused_until is not None and row.paused_until > now:
        return  # calls that were on their way together are one refusal
    pause_s = min(LONGEST_PAUSE_S[name], FIRST_PAUSE_S * 2 ** min(row.refusals, 10))
    row.refusals += 1
    row.room = 0
    row.paused_until = now + timedelta(seconds=pause_s * spread(f"{cause}:{row.refusals}"))


def accepted(db: Session, account_id: str, name: Name, now: datetime) -> None:
    """LINE took a call: the next refusal is a first one again."""
    row = _HELD.first(db, {"of_account": account_id, "of_name": name})
    if row is not None and row.refusals and (row.paused_until is None or row.paused_until <= now):
        row.refusals, row.paused_until = 0, None


def is_paused(name: ColumnElement[str], now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Of a delivery: whether its account's endpoint is paused."""
    return exists().where(
        col(Endpoint.account_id) == col(Delivery.account_id),
        col(Endpoint.name) == name,
        col(Endpoint.paused_until) > now,
    )


def spread(cause: str) -> float:
    """Between one half and one, the same for the same cause: jitter that a replay repeats."""
    return 0.5 + hashlib.sha256(cause.encode()).digest()[0] / 510


def _filled(db: Session, account_id: str, name: Name, now: datetime) -> Endpoint:
    most, key = max(1.0, LIMITS[name] * BURST_S), {"of_account": account_id, "of_name": name}
    row = _HELD.first(db, key)
    if row is None:
        full = {"account_id": account_id, "name": name, "room": most, "at": now, "refusals": 0}
        insert_once(db, Endpoint, full, ["account_id", "name"])
        row = _HELD.one(db, key)
    flowed_s = max(0.0, (now - row.at).total_seconds())
    row.room = min(most, row.room + flowed_s * LIMITS[name])
    row.at = max(row.at, now)
    return row


_HELD = Query(
    Endpoint,
    select(Endpoint)
    .where(
        col(Endpoint.account_id) == bindparam("of_account"),
        col(Endpoint.name) == bindparam("of_name"),
    )
    .with_for_update(),
    is_fresh=True,
)
