"""Sending what is decided: the intent is committed, then LINE is called, then the outcome is.

The rule for a call whose outcome is unknown (a crash, a time-out, a 5xx):
  push   the same key again for 24 hours; 200 or 409 means sent; afterwards `unknown`.
  reply  the same token again within its window: a token works once, so 200 means sent and
         "Invalid reply token" means that the unknown try had arrived (`inferred_sent`);
         after the window `maybe_sent`, shown to the operators, never sent again by itself.
A push after a reply of unknown outcome would send twice, so there is none.
"Invalid reply token" on a first try is a known outcome: nothing was sent, so push.
A 429 is a known outcome too. For the rate the account's whole endpoint pauses (`endpoints`), for
the month's limit its pushes wait until there are messages again (`month`); nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never
from uuid import uuid5

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

from storage import endpoints, journal, month, quota
from storage.bell import DELIVERIES
from storage.deliveries import RETRY_KEYS, SENT_AGAIN, journal_delivery
from storage.endpoints import Rooms, spread
from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.month import Months
from storage.objects import Query, keep_at_hand
from storage.quotes import Accepted, note_accepted

KEY_LIFE = timedelta(hours=23, minutes=50)  # LINE keeps a retry key for 24 hours
KEY_FRESH = timedelta(hours=12)  # what was never accepted takes a new key after that
LONGEST_WAIT_S = 300.0
DOUBTFUL_TRIES = 2  # so often refused for the rate, the month is read before the next
DOUBT_ENDS = timedelta(seconds=10)  # LINE may not tell the month either
OPEN = ("pending", "sending")


@dataclass(frozen=True, slots=True)
class Work:
    """Everything one call to LINE needs; no row of the database."""

    delivery_id: int
    account_id: str
    mode: Literal["reply", "push"]
    line_user_id: str
    messages: Sequence[dict[str, Any]]
    retry_key: str
    reply_token: str | None
    tried_at: datetime  # names the try


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE accepted it (200), or had accepted it before (409 of a retry key).

    messages: as LINE has them, in the order in which they were given.
    """

    request_id: str | None = None
    messages: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class InvalidReplyToken:
    """400 "Invalid reply token": used or expired."""


@dataclass(frozen=True, slots=True)
class Refused:
    """LINE will never accept this: a 4xx."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limited:
    """429 for the rate: not accepted, worth another try."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody knows whether LINE accepted it: time-out, reset, 5xx."""

    reason: str


@dataclass(frozen=True, slots=True)
class MonthOver:
    """429 because the month's messages are used up: not accepted, and no push is until then."""


Outcome = Sent | InvalidReplyToken | Refused | Limited | MonthOver | NoAnswer


def claim_due(db: Session, now: datetime, limit: int) -> list[Work]:
    """Commit the intent of the next calls: at most one of each lane, strictly in its order."""
    values = {"now": now, "key_end": now - KEY_LIFE, "at_most": limit}
    due = db.execute(_DUE, values).all()
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
_NOW: BindParameter[datetime] = bindparam("now")
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
_ENDPOINT = case((_IS_REPLY, literal_column("'reply'")), else_=literal_column("'push'"))
_DUE = (
    select(Delivery, col(Conversation.epoch))
    .join(Conversation, col(Conversation.id) == col(Delivery.conversation_id))
    .where(
        col(Delivery.state).in_(_OPEN),
        col(Delivery.state) == "pending",
        ~exists().where(
            col(_EARLIER.lane) == col(Delivery.lane),
            col(_EARLIER.state).in_(_OPEN),
            col(_EARLIER.held).is_(None),
            col(_EARLIER.id) < col(Delivery.id),
        ),
        or_(col(Delivery.due_at).is_(None), col(Delivery.due_at) <= _NOW),
        or_(
            _IS_OVER,
            and_(col(Delivery.held).is_(None), ~endpoints.is_paused(_ENDPOINT, _NOW)),
        ),
    )
    .order_by(col(Delivery.id))
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=Delivery)
)


_BY_ID = Query(
    Delivery,
    select(Delivery).where(col(Delivery.id) == bindparam("delivery_id")).with_for_update(),
    is_fresh=True,
)


def record(db: Session, work: Work, outcome: Outcome, now: datetime) -> str:
    """Write down how a call ended; the delivery's state afterwards.

    A call that was given up meanwhile tells nothing any more, but a 200 is still true.
    """
    delivery = _BY_ID.one(db, {"delivery_id": work.delivery_id})
    is_awaited = delivery.state == "sending" and delivery.tried_at == work.tried_at
    is_news = isinstance(outcome, Sent) and delivery.state in {"pending", "sending", "maybe_sent"}
    if is_awaited or is_news:
        _end_try(db, delivery, outcome, now)
        _learn(db, delivery, work.mode, outcome, now)
    return delivery.state


def _learn(
    db: Session, delivery: Delivery, mode: Literal["reply", "push"], outcome: Outcome, now: datetime
) -> None:
    """What one call tells of all others of its account."""
    account_id = delivery.account_id
    match outcome:
        case Sent():
            endpoints.accepted(db, account_id, mode, now)
            if mode == "push":
                month.note_push(db, account_id, now)
        case Limited():
            endpoints.refused(db, account_id, mode, delivery.retry_key, now)
            if mode == "push" and delivery.tries >= DOUBTFUL_TRIES:
                quota.ask_soon(db, account_id, now)
        case MonthOver():
            month.stop(db, account_id, now)


def _end_try(db: Session, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    was_unsure = delivery.is_unsure
    _apply(delivery, outcome, now)
    db.add(delivery)
    if isinstance(outcome, MonthOver) and delivery.mode == "push":
        month.hold(db, delivery, month.LIMIT, now)
    elif delivery.state in OPEN and delivery.is_unsure and not was_unsure:
        journal_delivery(db, delivery, now)
    if delivery.state not in OPEN:
        delivery.ended_at = now
        if isinstance(outcome, Sent):
            note_accepted(db, delivery, outcome.messages)
        journal_delivery(db, delivery, now)
    journal.ring_later(db, DELIVERIES)


def recover(db: Session, now: datetime, older_than_s: float = 0.0) -> int:
    """Calls that were under way when a process died: their outcome is unknown."""
    stuck = db.scalars(
        select(Delivery)
        .where(
            col(Delivery.state).in_(_OPEN),
            col(Delivery.state) == "sending",
            col(Delivery.tried_at) <= now - timedelta(seconds=older_than_s),
        )
        .with_for_update(skip_locked=True)
    ).all()
    keep_at_hand(db, stuck)
    for delivery in stuck:
        _end_try(db, delivery, NoAnswer("stopped while sending"), now)
    return len(stuck)


def reopen_reply(
    db: Session, account_id: str, reply_token: str, until: datetime, now: datetime
) -> None:
    """LINE delivered the event again: the token of a reply of unknown outcome lives once more."""
    found = db.scalars(
        select(Delivery)
        .where(
            col(Delivery.account_id) == account_id,
            col(Delivery.reply_token) == reply_token,
            col(Delivery.state).in_(["pending", "sending", "maybe_sent"]),
        )
        .with_for_update()
    ).first()
    if found is None:
        return
    found.reply_until = until
    db.add(found)
    if found.state == "maybe_sent" and found.reason != SENT_AGAIN:
        found.state, found.due_at, found.ended_at, found.reason = "pending", now, None, None
        journal_delivery(db, found, now)
    journal.ring_later(db, DELIVERIES)


def _intend(door: _Door, delivery: Delivery, epoch: int) -> Work | None:
    now, mode = door.now, _mode(delivery, door.now)
    if _is_fenced_off(delivery, epoch):
        _end(delivery, "cancelled", "taken", now)
    elif mode is None:
        _end(delivery, "maybe_sent", "the free reply's time is over", now)
    elif mode == "push" and _is_key_over(delivery, now):
        _end(delivery, "unknown", "LINE has forgotten the retry key", now)
    if mode is None or delivery.ended_at is not None:
        door.db.add(delivery)
        journal_delivery(door.db, delivery, now)
        return None
    if mode == "push" and _must_wait(door, delivery):
        return None
    return _begin_try(delivery, mode, now) if door.rooms.take(delivery.account_id, mode) else None


def _must_wait(door: _Door, delivery: Delivery) -> bool:
    """Whether the month keeps a push back, or has to be asked about first."""
    if delivery.is_unsure and not door.months.is_stopped(delivery.account_id):
        return False  # whatever the month says, its outcome is to be learnt
    reason = door.months.hold_reason(delivery)
    if reason == month.LIMIT:
        month.stop(door.db, delivery.account_id, door.now)
    if reason is not None:
        month.hold(door.db, delivery, reason, door.now)
        return True
    tried_at = delivery.tried_at or door.now
    is_doubtful = delivery.tries >= DOUBTFUL_TRIES and not delivery.is_unsure
    is_doubtful = is_doubtful and door.now - tried_at < DOUBT_ENDS
    return is_doubtful and not door.months.read_since(delivery)


def _begin_try(delivery: Delivery, mode: Literal["reply", "push"], now: datetime) -> Work:
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
        delivery.retry_key = str(uuid5(RETRY_KEYS, f"{delivery.retry_key}:renewed"))
        delivery.first_tried_at = None


def _mode(delivery: Delivery, now: datetime) -> Literal["reply", "push"] | None:
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


def _apply(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent():
            delivery.line_request_id = outcome.request_id
            _end(delivery, "sent", None, now)
        case InvalidReplyToken():
            _apply_invalid_token(delivery, now)
        case Refused():
            _end(delivery, "rejected", outcome.reason, now)
        case Limited() | MonthOver():
            delivery.state, delivery.due_at = "pending", None  # its endpoint, or the month, waits
        case NoAnswer():
            _apply_no_answer(delivery, outcome.reason, now)
        case _:
            assert_never(outcome)


def _apply_invalid_token(delivery: Delivery, now: datetime) -> None:
    if delivery.is_unsure:
        _end(delivery, "inferred_sent", "the token had been used", now)
        return
    delivery.reply_token, delivery.reply_until = None, None
    delivery.tries, delivery.first_tried_at = 0, None
    delivery.state, delivery.due_at = "pending", None


def _apply_no_answer(delivery: Delivery, reason: str, now: datetime) -> None:
    delivery.is_unsure = True
    if delivery.mode == "push" and _is_key_over(delivery, now):
        _end(delivery, "unknown", reason, now)
    elif delivery.mode == "reply" and not _has_time(delivery, now):
        _end(delivery, "maybe_sent", reason, now)
    else:
        _try_again(delivery, now)


def _is_key_over(delivery: Delivery, now: datetime) -> bool:
    first = delivery.first_tried_at or now
    return delivery.is_unsure and now - first >= KEY_LIFE


def _has_time(delivery: Delivery, now: datetime) -> bool:
    return delivery.reply_until is not None and now < delivery.reply_until


def _try_again(delivery: Delivery, now: datetime) -> None:
    longest = 2.0 if delivery.mode == "reply" else LONGEST_WAIT_S
    wait_s = min(longest, 0.25 * 2 ** min(delivery.tries - 1, 12))
    wait_s *= spread(f"{delivery.retry_key}:{delivery.tries}")
    delivery.state, delivery.due_at = "pending", now + timedelta(seconds=wait_s)


def _end(delivery: Delivery, state: str, reason: str | None, now: datetime) -> None:
    delivery.state, delivery.reason, delivery.ended_at = state, reason, now
    delivery.due_at = None
