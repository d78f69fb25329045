"""Which calls may leave now: at most one for each person, in order, within the rate and the month.

The intent of a call is committed before LINE is called; what became of it is the outbox's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import endpoints, journal, month
from storage.bell import DELIVERIES
from storage.deliveries import journal_delivery, renewed
from storage.endpoints import Rooms
from storage.models.columns import UtcDateTime
from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.month import Months
from storage.objects import Joined, write_changes
from storage.outcomes import KEY_LIFE, OPEN, Mode, Work, end, is_key_over

KEY_FRESH = timedelta(hours=12)  # what was never accepted takes a new key after that
DOUBTFUL_TRIES = 2  # so often refused for the rate, the month is read before the next
DOUBT_ENDS = timedelta(seconds=10)  # LINE may not tell the month either


def claim_due(db: Session, now: datetime, limit: int) -> list[Work]:
    """Commit the intent of the next calls: at most one of each lane, strictly in its order."""
    return _claim(db, _DUE.all(db, {**_moments(now), "at_most": limit}), now)


def claim_own(db: Session, lane: str, now: datetime) -> list[Work]:
    """The same for the lane of a turn, in the turn's own unit: what it says may leave at once."""
    if not journal.is_rung(db, DELIVERIES):
        return []
    write_changes(db)
    works = _claim(db, _DUE_OF_LANE.all(db, {**_moments(now), "of_lane": lane}), now)
    if works:  # what follows in the lane waits for it
        journal.ring_no_more(db, DELIVERIES)
    return works


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "key_end": now - KEY_LIFE, "doubt_from": now - DOUBT_ENDS}


def _claim(db: Session, due: Sequence[tuple[Any, ...]], now: datetime) -> list[Work]:
    """due: deliveries, each with the epoch of its talk."""
    if not due:
        return []
    wanted = [(delivery.account_id, _mode(delivery, now) or "push") for delivery, _ in due]
    rooms = Rooms(db, wanted, now)
    months = Months(db, [account_id for account_id, mode in wanted if mode == "push"])
    door = _Door(db, rooms, months, now)
    works = [_intend(door, delivery, epoch) for delivery, epoch in due]
    return [work for work in works if work is not None]


@dataclass(frozen=True, slots=True)
class _Door:
    """What lets calls out: the rate, the month, the clock."""

    db: Session
    rooms: Rooms
    months: Months
    now: datetime


# The states stand in the text, not as values: only so does SQLite use the index of open rows.
_EARLIER = aliased(Delivery)
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in OPEN]
# Also a later one: it has passed what was held back and may go by now.
_IS_UNDER_WAY = col(_EARLIER.state) == literal_column("'sending'")
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime)  # one, of one type
_IS_REPLY = and_(
    col(Delivery.reply_token).is_not(None),
    col(Delivery.reply_until).is_not(None),
    col(Delivery.reply_until) >= _NOW,
)
_IS_OVER = and_(  # it is ended without a call
    col(Delivery.is_unsure),
    or_(
        and_(col(Delivery.reply_token).is_not(None), ~_IS_REPLY),
        col(Delivery.first_tried_at) <= bindparam("key_end"),
    ),
)
_IS_DOUBTFUL = and_(  # left out here, or many of one account would leave no room for others
    ~_IS_REPLY,
    ~col(Delivery.is_unsure),
    col(Delivery.tries) >= DOUBTFUL_TRIES,
    col(Delivery.tried_at) > bindparam("doubt_from"),
    month.is_older_than_try(),
)
_ENDPOINT = case((_IS_REPLY, literal_column("'reply'")), else_=literal_column("'push'"))
_IS_DUE = (
    select(Delivery, col(Conversation.epoch))
    .join(Conversation, col(Conversation.id) == col(Delivery.conversation_id))
    .where(
        col(Delivery.state).in_(_OPEN),
        col(Delivery.state) == "pending",
        ~exists().where(
            col(_EARLIER.lane) == col(Delivery.lane),
            col(_EARLIER.state).in_(_OPEN),
            col(_EARLIER.held).is_(None),
            or_(col(_EARLIER.id) < col(Delivery.id), _IS_UNDER_WAY),
        ),
        or_(col(Delivery.due_at).is_(None), col(Delivery.due_at) <= _NOW),
        or_(
            _IS_OVER,
            and_(
                col(Delivery.held).is_(None),
                ~endpoints.is_paused(_ENDPOINT, _NOW),
                ~_IS_DOUBTFUL,
            ),
        ),
    )
    .order_by(col(Delivery.id))
    .with_for_update(skip_locked=True, of=Delivery)
)
_DUE = Joined([Delivery], _IS_DUE.limit(bindparam("at_most")))
_DUE_OF_LANE = Joined(
    [Delivery], _IS_DUE.where(col(Delivery.lane) == bindparam("of_lane")), is_fresh=True
)


def _intend(door: _Door, delivery: Delivery, epoch: int) -> Work | None:
    now, mode = door.now, _mode(delivery, door.now)
    if _is_fenced_off(delivery, epoch):
        end(delivery, "cancelled", "taken", now)
    elif mode is None:
        end(delivery, "maybe_sent", "the free reply's time is over", now)
    elif mode == "push" and is_key_over(delivery, now):
        end(delivery, "unknown", "LINE has forgotten the retry key", now)
    if mode is None or delivery.ended_at is not None:
        journal_delivery(door.db, delivery, now)
        return None
    if mode == "push" and _must_wait(door, delivery):
        return None
    if not door.rooms.take(delivery.account_id, mode):
        return None
    work = _begin_try(delivery, mode, now)
    return replace(work, is_probe=door.rooms.has_refused(delivery.account_id, mode))


def _must_wait(door: _Door, delivery: Delivery) -> bool:
    """Whether the month keeps a push back."""
    if delivery.is_unsure and not door.months.is_stopped(delivery.account_id):
        return False  # whatever the month says, its outcome is to be learnt
    reason = door.months.hold_reason(delivery)
    if reason is None:
        return False
    if reason == month.LIMIT and not door.months.is_stopped(delivery.account_id):
        month.stop(door.db, delivery.account_id, door.now)
    month.hold(door.db, delivery, reason, door.now)
    return True


def _begin_try(delivery: Delivery, mode: Mode, now: datetime) -> Work:
    _renew_key(delivery, now)
    delivery.mode = mode
    delivery.state = "sending"
    delivery.tries += 1
    delivery.tried_at = now
    delivery.first_tried_at = delivery.first_tried_at or now
    return Work(
        delivery_id=delivery.id or 0,
        account_id=delivery.account_id,
        mode=mode,
        line_user_id=delivery.line_user_id,
        messages=delivery.messages,
        retry_key=delivery.retry_key,
        reply_token=delivery.reply_token if mode == "reply" else None,
        tried_at=now,
    )


def _renew_key(delivery: Delivery, now: datetime) -> None:
    """A key that LINE has seen and never accepted is given up long before LINE forgets it."""
    first = delivery.first_tried_at
    if first is not None and not delivery.is_unsure and now - first >= KEY_FRESH:
        delivery.retry_key = renewed(delivery.retry_key)
        delivery.first_tried_at = None


def _mode(delivery: Delivery, now: datetime) -> Mode | None:
    """Reply while its token is fresh, else push; None when neither is safe any more."""
    if delivery.reply_token is None:
        return "push"
    if delivery.reply_until is not None and now <= delivery.reply_until:
        return "reply"
    if delivery.is_unsure:
        return None
    delivery.reply_token = None
    return "push"


def _is_fenced_off(delivery: Delivery, epoch: int) -> bool:
    return delivery.epoch is not None and not delivery.is_unsure and epoch != delivery.epoch
