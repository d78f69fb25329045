"""What became of a call: the intent is committed, then LINE is called, then the outcome is.

The rule for a call whose outcome is unknown (a crash, a time-out, a 5xx):
  push   the same key again for 24 hours; 200 or 409 means sent; afterwards `unknown`.
  reply  the same token again within its window: a token works once, so 200 means sent and
         "Invalid reply token" means that the unknown try had arrived (`inferred_sent`);
         after the window `maybe_sent`, shown to the operators, never sent again by itself. So it
         is, too, when the answer came after LINE's minute: the token may have run out.
A push after a reply of unknown outcome would send twice, so there is none.
"Invalid reply token" on a first try is a known outcome: nothing was sent, so push.
A 429 is a known outcome too. For the rate the account's whole endpoint pauses (`endpoints`), for
the month's limit its pushes wait until there are messages again (`month`); nothing is lost.
So is a call that was claimed and never made.
"""

from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import ColumnElement, bindparam, literal_column, select
from sqlmodel import Session, col

from storage import endpoints, journal, month, quota
from storage.bell import DELIVERIES
from storage.deliveries import (
    SENT_AGAIN,
    journal_delivery,
    journal_lines,
    lines_of,
    renewed,
)
from storage.endpoints import spread
from storage.intents import DOUBTFUL_TRIES
from storage.models.work import Delivery
from storage.objects import Query, keep_at_hand
from storage.outcomes import (
    OPEN,
    InvalidReplyToken,
    Limited,
    MonthOver,
    NoAnswer,
    NotBegun,
    Outcome,
    Refused,
    Sent,
    Work,
    end,
    is_key_over,
    say_less,
)
from storage.parting import part_from
from storage.prepared import Prepared
from storage.quotes import note_accepted

LONGEST_WAIT_S = 300.0
LIVES_ON = timedelta(seconds=25)  # LINE's minute, less our window and an event's way to us
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in OPEN]

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
        _learn(db, delivery, work, outcome, now)
    return delivery.state


def _learn(db: Session, delivery: Delivery, work: Work, outcome: Outcome, now: datetime) -> None:
    """What one call tells of all others of its account."""
    account_id, mode = delivery.account_id, work.mode
    match outcome:
        case Sent():
            if work.is_probe:
                endpoints.accepted(db, account_id, mode, now)
            if mode == "push":
                month.note_push(db, account_id, now)
        case Limited():
            endpoints.refused(db, account_id, mode, delivery.retry_key, now)
            if mode == "push" and delivery.tries >= DOUBTFUL_TRIES:
                quota.ask_soon(db, account_id, now)
        case MonthOver():
            month.stop(db, account_id, now)


def end_try(db: Session, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down how a try of a delivery ended, whoever knows it."""
    was_unsure = delivery.is_unsure
    if isinstance(outcome, Refused) and part_from(
        db, delivery, outcome.places, outcome.reason, now
    ):
        journal.ring_later(db, DELIVERIES)
        return
    _apply(delivery, outcome, now)
    db.add(delivery)
    if isinstance(outcome, MonthOver) and delivery.mode == "push":
        month.hold(db, delivery, month.LIMIT, now)
    elif delivery.state in OPEN and delivery.is_unsure and not was_unsure:
        journal_delivery(db, delivery, now)
    if delivery.state not in OPEN:
        delivery.ended_at = now
        lines = lines_of(db, delivery)
        if isinstance(outcome, Sent):
            note_accepted(lines, outcome.messages)
        journal_lines(db, delivery, lines, now)
    if delivery.state in OPEN or _NEXT.first(db, {"lane": delivery.lane, "id": delivery.id}):
        journal.ring_later(db, DELIVERIES)


_NEXT = Prepared(  # whatever waits behind a delivery
    select(col(Delivery.id))
    .where(
        col(Delivery.lane) == bindparam("lane"),
        col(Delivery.state).in_(_OPEN),
        col(Delivery.id) != bindparam("id"),
    )
    .limit(1)
)


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
    """LINE delivered the event again: the token of a reply of unknown outcome lives once more.

    What somebody has sent again, or let be, stays as it is.
    """
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
    is_seen_to = found.settled_at is not None or found.reason == SENT_AGAIN
    if found.state == "maybe_sent" and not is_seen_to:
        found.state, found.due_at, found.ended_at, found.reason = "pending", now, None, None
        journal_delivery(db, found, now)
    journal.ring_later(db, DELIVERIES)


def _apply(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent():
            delivery.line_request_id = outcome.request_id
            end(delivery, "sent", None, now)
        case InvalidReplyToken():
            _apply_invalid_token(delivery, now)
        case Refused():
            end(delivery, "rejected", outcome.reason, now)
        case Limited() | MonthOver():
            delivery.state, delivery.due_at = "pending", None  # its endpoint, or the month, waits
            _say_less(delivery)
        case NotBegun():
            _apply_not_begun(delivery)
        case NoAnswer():
            _apply_no_answer(delivery, outcome.reason, now)
        case _:
            assert_never(outcome)


def _apply_invalid_token(delivery: Delivery, now: datetime) -> None:
    if delivery.is_unsure:
        if _may_have_run_out(delivery, now):
            end(delivery, "maybe_sent", "the token was used or had run out", now)
        else:
            end(delivery, "inferred_sent", "the token had been used", now)
        return
    delivery.reply_token, delivery.reply_until = None, None
    delivery.tries, delivery.first_tried_at = 0, None
    delivery.state, delivery.due_at = "pending", None
    say_less(delivery)


def _say_less(delivery: Delivery) -> None:
    """LINE has not taken it, and knows the key with the old words."""
    if delivery.messages_after is not None and not delivery.is_unsure:
        say_less(delivery)
        delivery.retry_key = renewed(delivery.retry_key)


def _apply_not_begun(delivery: Delivery) -> None:
    """As if it had not been claimed: of an earlier try, or of one before a restore, all stays."""
    delivery.tries -= 1
    if delivery.tries == 0 and not delivery.is_unsure:
        delivery.first_tried_at = None
    delivery.state, delivery.due_at = "pending", None
    _say_less(delivery)


def _apply_no_answer(delivery: Delivery, reason: str, now: datetime) -> None:
    delivery.is_unsure = True
    if delivery.mode == "push" and is_key_over(delivery, now):
        end(delivery, "unknown", reason, now)
    elif delivery.mode == "reply" and not _has_time(delivery, now):
        end(delivery, "maybe_sent", reason, now)
    else:
        _try_again(delivery, now)


def _may_have_run_out(delivery: Delivery, now: datetime) -> bool:
    """A process that stood still between its intent and its call comes too late."""
    return delivery.reply_until is None or now > delivery.reply_until + LIVES_ON


def _has_time(delivery: Delivery, now: datetime) -> bool:
    return delivery.reply_until is not None and now < delivery.reply_until


def _try_again(delivery: Delivery, now: datetime) -> None:
    longest = 2.0 if delivery.mode == "reply" else LONGEST_WAIT_S
    wait_s = min(longest, 0.25 * 2 ** min(delivery.tries - 1, 12))
    wait_s *= spread(f"{delivery.retry_key}:{delivery.tries}")
    delivery.state, delivery.due_at = "pending", now + timedelta(seconds=wait_s)
