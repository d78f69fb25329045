"""Sending what is decided: the intent is committed, then LINE is called, then the outcome is.

The rule for a call whose outcome is unknown (a crash, a time-out, a 5xx):
  push   the same key again for 24 hours; 200 or 409 means sent; afterwards `unknown`.
  reply  the same token again within its window: a token works once, so 200 means sent and
         "Invalid reply token" means that the unknown try had arrived (`inferred_sent`);
         after the window `maybe_sent`, shown to the operators, never sent again by itself.
A push after a reply of unknown outcome would send twice, so there is none.
"Invalid reply token" on a first try is a known outcome: nothing was sent, so push.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never

from sqlalchemy import ColumnElement, bindparam, exists, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import journal, measures
from storage.bell import DELIVERIES
from storage.deliveries import SENT_AGAIN, journal_delivery
from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.objects import Query, keep_at_hand
from storage.quotes import Accepted, note_accepted

KEY_LIFE = timedelta(hours=23, minutes=50)  # LINE keeps a retry key for 24 hours
LONGEST_WAIT_S = 300.0
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
    """LINE will never accept this: a 4xx, or the month's quota is used up."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limited:
    """429 for the rate: not accepted, worth another try."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody knows whether LINE accepted it: time-out, reset, 5xx."""

    reason: str


Outcome = Sent | InvalidReplyToken | Refused | Limited | NoAnswer


def claim_due(db: Session, now: datetime, limit: int) -> list[Work]:
    """Commit the intent of the next calls: at most one of each lane, strictly in its order."""
    due = db.execute(_DUE, {"now": now, "at_most": limit}).all()
    works = [_intend(db, delivery, epoch, now) for delivery, epoch in due]
    return [work for work in works if work is not None]


# The states stand in the text, not as values: only so does SQLite use the index of open rows.
_EARLIER = aliased(Delivery)
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in OPEN]
_DUE = (
    select(Delivery, col(Conversation.epoch))
    .join(Conversation, col(Conversation.id) == col(Delivery.conversation_id))
    .where(
        col(Delivery.state).in_(_OPEN),
        col(Delivery.state) == "pending",
        ~exists().where(
            col(_EARLIER.lane) == col(Delivery.lane),
            col(_EARLIER.state).in_(_OPEN),
            col(_EARLIER.id) < col(Delivery.id),
        ),
        or_(col(Delivery.due_at).is_(None), col(Delivery.due_at) <= bindparam("now")),
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
        end_try(db, delivery, outcome, now)
    return delivery.state


def end_try(db: Session, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down how a try of a delivery ended, whoever knows it."""
    _apply(delivery, outcome, now)
    db.add(delivery)
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
        end_try(db, delivery, NoAnswer("stopped while sending"), now)
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


def _intend(db: Session, delivery: Delivery, epoch: int, now: datetime) -> Work | None:
    if _is_fenced_off(delivery, epoch):
        _end(delivery, "cancelled", "taken", now)
        db.add(delivery)
        journal_delivery(db, delivery, now)
        return None
    mode = _mode(delivery, now)
    if mode is None:
        _end(delivery, "maybe_sent", "the free reply's time is over", now)
    elif mode == "push" and _is_key_over(delivery, now):
        _end(delivery, "unknown", "LINE has forgotten the retry key", now)
    if mode is None or delivery.ended_at is not None:
        db.add(delivery)
        journal_delivery(db, delivery, now)
        return None
    delivery.mode = mode
    delivery.state = "sending"
    delivery.tries += 1
    delivery.tried_at = now
    delivery.first_tried_at = delivery.first_tried_at or now
    db.add(delivery)
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
        case Limited():
            _try_again(delivery, now)
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
    delivery.state, delivery.due_at = "pending", now + timedelta(seconds=wait_s)


def _end(delivery: Delivery, state: str, reason: str | None, now: datetime) -> None:
    measures.ENDED.labels(state).inc()
    delivery.state, delivery.reason, delivery.ended_at = state, reason, now
    delivery.due_at = None
