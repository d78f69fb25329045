"""Events in: kept before LINE gets its 200, taken one at a time for each customer.

A lane is a serial queue. LINE's events of one person go to one lane whatever the account (accounts
of a provider share LINE's user ids); what happens inside goes to the lane of the talk's friend.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import failpoints, journal, measures
from storage.bell import ARRIVALS
from storage.dialects import insert_each_once, is_sqlite, lane_lock
from storage.models.columns import new_id
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.objects import Query, add_now
from storage.prepared import Prepared
from storage.redelivery import is_after_outage, is_older, refresh_reply

REPLY_WINDOW_S = 30  # LINE promises a minute, loosely; we use the half of it
LATE_S = 60
MAX_TRIES = 5
LONGEST_ID = 64  # LINE's have 26 and 33 signs; an index takes no text of any length
CANDIDATES = 64
SECOND_LOOKS = 3  # each finds that somebody was faster; the bell rings again anyway


@dataclass(frozen=True, slots=True)
class Received:
    """The events of one webhook, and when it came."""

    account: Account
    events: Sequence[Mapping[str, Any]]
    at: datetime


def keep(db: Session, account: Account, events: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Write LINE's events down; the number of those that were new.

    An event that is here already changes nothing, but a redelivery gives its reply token more
    time, as long as the event itself is younger than 20 minutes.
    """
    return keep_all(db, [Received(account, events, now)])


def keep_all(db: Session, webhooks: Sequence[Received]) -> int:
    """The same for several webhooks, in their order: all of them, or none."""
    came = [(_row(w.account, event, w.at), event) for w in webhooks for event in w.events]
    is_new = insert_each_once(db, Arrival, [row for row, _ in came], ["account_id", "event_id"])
    for (row, event), was_new in zip(came, is_new, strict=True):
        if not was_new:
            measures.DUPLICATES.inc()
            refresh_reply(db, row, event, row["received_at"])
        elif is_older(event, LATE_S, row["received_at"]):
            measures.LATE.inc()
    failpoints.reach("arrival written")
    if any(is_new):
        journal.ring_later(db, ARRIVALS)
    return sum(is_new)


def add_inside(
    db: Session, conversation: Conversation, kind: str, data: Mapping[str, Any], now: datetime
) -> int:
    """Tell the bot that something happened here: the one way into a turn from inside. Its id."""
    lane = lane_of_conversation(db, conversation)
    arrival = add_now(
        db,
        Arrival,
        account_id=conversation.account_id,
        event_id=f"inside:{new_id()}",
        lane=lane,
        kind=kind,
        is_inside=True,
        conversation_id=conversation.id,
        raw=dict(data),
        received_at=now,
    )
    journal.ring_later(db, ARRIVALS)
    return arrival.id or 0


def lane_of(account: Account, line_user_id: str) -> str:
    """The serial queue of one person of LINE."""
    return f"{account.provider}/{line_user_id}"


def lane_of_conversation(db: Session, conversation: Conversation) -> str:
    """The serial queue of the friend behind a talk."""
    provider, line_user_id = _PLACE.one(db, {"friend_id": conversation.friend_id})
    return f"{provider}/{line_user_id}"


_FINISH = Prepared(
    update(Arrival)
    .where(col(Arrival.id) == bindparam("of_arrival"))
    .values(state="done", done_at=bindparam("now"))
)
_PLACE = Prepared(
    select(col(Account.provider), col(Friend.line_user_id))
    .join(Friend, col(Friend.account_id) == col(Account.id))
    .where(col(Friend.id) == bindparam("friend_id"))
)


def claim(db: Session, now: datetime) -> Arrival | None:
    """The oldest due arrival of a lane that nobody else serves; held until this unit ends.

    The oldest pending arrival blocks its lane, also while it waits for its next try.
    """
    if is_sqlite(db):  # one writer: nobody else is in a turn
        return _OLDEST_DUE.first(db, {"now": now})
    for _ in range(SECOND_LOOKS):
        taken = _TAKE_LANE.first(db, {"now": now})
        if taken is None:
            return None
        # A second look, under the lock: another worker may have finished it meanwhile.
        oldest = OLDEST_OF_LANE.first(db, {"lane": taken[0]})
        if oldest is not None and (oldest.due_at is None or oldest.due_at <= now):
            return oldest
    return None


@dataclass(frozen=True, slots=True)
class Try:
    """One try of an arrival. number: how many tries had failed before it."""

    arrival_id: int
    number: int

    @staticmethod
    def of(arrival: Arrival) -> "Try":
        """The try that is under way."""
        return Try(arrival.id or 0, arrival.tries)


def finish(db: Session, arrival: Arrival, now: datetime) -> None:
    """The turn is done."""
    _FINISH.run(db, {"of_arrival": arrival.id, "now": now})


def fail(db: Session, failed: Try, trouble: str, now: datetime) -> bool:
    """Count a failed try once; True when that was the last and the arrival is set aside."""
    arrival = db.get_one(Arrival, failed.arrival_id)
    if arrival.state != "pending" or arrival.tries != failed.number:
        return False  # two workers had the same try, because its failure let go of the lane
    arrival.tries += 1
    arrival.trouble = trouble[:500]
    is_last = arrival.tries >= MAX_TRIES
    if is_last:
        arrival.state = "aside"
        arrival.done_at = now
    else:
        arrival.due_at = now + timedelta(seconds=2 ** (arrival.tries - 1) / 4)
    db.add(arrival)
    journal.ring_later(db, ARRIVALS)
    return is_last


def is_pending(db: Session, arrival_id: int) -> bool:
    """Whether an arrival still waits for its turn."""
    query = select(col(Arrival.state)).where(col(Arrival.id) == arrival_id)
    return db.scalar(query) == "pending"


def depth(db: Session) -> tuple[int, datetime | None]:
    """How many arrivals wait, and since when the oldest does."""
    query = select(func.count(), func.min(Arrival.received_at)).where(
        col(Arrival.state) == _IS_PENDING
    )
    count, oldest = db.execute(query).one()
    return count, oldest


def event_id_of(event: Mapping[str, Any]) -> str:
    """LINE's id of an event, else the SHA-256 of its JSON."""
    given = event.get("webhookEventId")
    if isinstance(given, str) and 0 < len(given) <= LONGEST_ID:
        return given
    canonical = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def user_of(event: Mapping[str, Any]) -> str | None:
    """The friend who did it; None for groups, rooms, and what has no id that LINE would give."""
    source = event.get("source")
    if not isinstance(source, Mapping) or source.get("type") != "user":
        return None
    user_id = source.get("userId")
    return user_id if isinstance(user_id, str) and 0 < len(user_id) <= LONGEST_ID else None


def _row(account: Account, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    event_id = event_id_of(event)
    user_id = user_of(event)
    has_token = isinstance(event.get("replyToken"), str) and not is_after_outage(event, now)
    return {
        "account_id": account.id,
        "event_id": event_id,
        "lane": lane_of(account, user_id) if user_id else f"{account.provider}/event:{event_id}",
        "kind": str(event.get("type", "unknown"))[:40],
        "is_inside": False,
        "line_message_id": _message_id(event),
        "raw": dict(event),
        "received_at": now,
        "reply_until": now + timedelta(seconds=REPLY_WINDOW_S) if has_token else None,
        "state": "pending",
        "tries": 0,
    }


def _message_id(event: Mapping[str, Any]) -> str | None:
    message = event.get("message")
    id_ = message.get("id") if isinstance(message, Mapping) else None
    return id_ if isinstance(id_, str) and len(id_) <= LONGEST_ID else None


# The state stands in the text, not as a value: only so does SQLite use the index of pending rows.
_IS_PENDING: ColumnElement[str] = literal_column("'pending'")
_EARLIER = aliased(Arrival)
_IS_DUE_HEAD = and_(
    col(Arrival.state) == _IS_PENDING,
    ~exists().where(
        col(_EARLIER.lane) == col(Arrival.lane),
        col(_EARLIER.state) == _IS_PENDING,
        col(_EARLIER.id) < col(Arrival.id),
    ),
    or_(col(Arrival.due_at).is_(None), col(Arrival.due_at) <= bindparam("now")),
)
_OLDEST_DUE = Query(Arrival, select(Arrival).where(_IS_DUE_HEAD).order_by(col(Arrival.id)).limit(1))
# Materialized, so that the locks are tried in this order and only until one is had.
_CANDIDATES = (
    select(col(Arrival.lane).label("lane"))
    .where(_IS_DUE_HEAD)
    .order_by(col(Arrival.id))
    .limit(CANDIDATES)
    .cte("candidates")
    .prefix_with("MATERIALIZED")
)
_TAKE_LANE = Prepared(select(_CANDIDATES.c.lane).where(lane_lock(_CANDIDATES.c.lane)).limit(1))
OLDEST_OF_LANE = Query(
    Arrival,
    select(Arrival)
    .where(col(Arrival.lane) == bindparam("lane"), col(Arrival.state) == _IS_PENDING)
    .order_by(col(Arrival.id))
    .limit(1),
    is_fresh=True,
)
