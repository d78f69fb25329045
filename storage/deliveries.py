"""The rows behind what is sent: made with their retry key, cancelled when a person takes over."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlmodel import Session, col

from storage import journal
from storage.bell import DELIVERIES
from storage.models.people import Account, Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery
from storage.objects import Query, add_now, find_one
from storage.outcomes import end
from storage.rows import moment

RETRY_KEYS = UUID("5d1f6a52-7b0c-4a7e-9d53-6f2a6f0f3a11")  # our namespace, made once
FREE_MARGIN = timedelta(seconds=5)  # for the worker and for LINE, before a free reply ends
SENT_AGAIN = "sent_again"  # the reason of an unknown outcome that an operator has acted on
UNDONE = "undone"  # the reason of one that its writer took back


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out in one call.

    source: unique for each delivery of the install; the retry key follows from it.
    run_id: the run whose answer this is, cancelled when a person takes over; None: not an answer.
    """

    messages: list[dict[str, Any]]
    source: str
    run_id: str | None = None
    is_push_only: bool = False
    is_automatic: bool = False  # nobody of the staff wrote it
    undo: "Undo | None" = None


@dataclass(frozen=True, slots=True)
class Undo:
    """For how long an operator may take a message back, and what the talk was before it: so it is
    again when the message never leaves, also one that nobody could take back.

    name: what the browser called it; its calls are taken back together. seq: the last line before
    the messages that may all be taken back still.
    """

    seconds: int
    name: str
    status: str
    waiting_since: str | None
    reply_since: str | None
    snoozed_until: str | None
    seq: int


def deliver(db: Session, conversation: Conversation, parcel: Parcel, now: datetime) -> Delivery:
    """A delivery of these messages; it takes the free reply when there still is one."""
    friend = find_one(db, Friend, conversation.friend_id)
    account = find_one(db, Account, conversation.account_id)
    arrival_id = conversation.reply_arrival_id
    token, until = (None, None) if parcel.is_push_only else _free_reply(db, conversation, now)
    undo_until = _undo_until(parcel.undo, until, now)
    delivery = add_now(
        db,
        Delivery,
        account_id=account.id,
        conversation_id=conversation.id,
        lane=f"{account.provider}/{friend.line_user_id}",
        line_user_id=friend.line_user_id,
        run_id=parcel.run_id,
        epoch=conversation.epoch if parcel.run_id is not None else None,
        is_automatic=parcel.is_automatic,
        messages=parcel.messages,
        retry_key=str(uuid5(RETRY_KEYS, f"{account.id}:{parcel.source}")),
        reply_token=token,
        reply_until=until,
        due_at=undo_until,
        undo=_kept_undo(parcel.undo, undo_until, arrival_id if token else None),
        created_at=now,
    )
    journal.ring_later(db, DELIVERIES)
    return delivery


def _undo_until(undo: Undo | None, reply_until: datetime | None, now: datetime) -> datetime | None:
    """Until when it waits for its writer: never so long that a free reply would cost something."""
    if undo is None or undo.seconds <= 0:
        return None
    until = now + timedelta(seconds=undo.seconds)
    if reply_until is not None:
        until = min(until, reply_until - FREE_MARGIN)
    return until if until > now else None


def _kept_undo(
    undo: Undo | None, until: datetime | None, arrival_id: int | None
) -> dict[str, Any] | None:
    if undo is None:
        return None
    before = {key: value for key, value in asdict(undo).items() if key != "seconds"}
    return {**before, "until": moment(until), "arrival_id": arrival_id}


def never_left() -> ColumnElement[bool]:
    """Of a line: its call was cancelled, so nobody but the staff has seen it."""
    return exists().where(
        col(Delivery.id) == col(Message.delivery_id), col(Delivery.state) == "cancelled"
    )


def cancel_old_answers(db: Session, conversation: Conversation, reason: str, now: datetime) -> None:
    """A person took over: what the run had not sent yet is not sent. Other messages go out."""
    unsent = db.scalars(
        select(Delivery)
        .where(
            col(Delivery.conversation_id) == conversation.id,
            col(Delivery.state) == "pending",
            col(Delivery.epoch).is_not(None),
            col(Delivery.is_unsure).is_(False),
        )
        .order_by(col(Delivery.id))
        .with_for_update()  # one that is being claimed goes out
        .execution_options(populate_existing=True)
    ).all()
    for delivery in unsent:
        end(delivery, "cancelled", reason, now)
        db.add(delivery)
        journal_delivery(db, delivery, now)


def carry_answers_over(db: Session, conversation: Conversation) -> None:
    """The run that asks for a person raises the epoch itself: what it has said still goes out."""
    db.execute(
        update(Delivery)
        .where(
            col(Delivery.conversation_id) == conversation.id,
            col(Delivery.epoch) == conversation.epoch - 1,
            col(Delivery.ended_at).is_(None),
        )
        .values(epoch=conversation.epoch)
    )


def may_change(delivery: Delivery) -> bool:
    """Whether LINE cannot have it. What it may have keeps its words: a key has one body."""
    return delivery.state == "pending" and not delivery.is_unsure


def words_to_stay(delivery: Delivery) -> list[dict[str, Any]]:
    """What it says, without what is to go when it ends."""
    return delivery.messages if delivery.messages_after is None else delivery.messages_after


def take_words(delivery: Delivery, messages: list[dict[str, Any]]) -> None:
    """Leave these words alone in a call: at once, or when it ends if LINE may have the others."""
    if messages == words_to_stay(delivery):
        return
    if may_change(delivery):
        reword(delivery, messages)
    elif delivery.ended_at is not None:
        delivery.messages = messages
    else:
        delivery.messages_after = messages


def reword(delivery: Delivery, messages: list[dict[str, Any]]) -> None:
    """Other words for a call that waits; with another key, if LINE has seen this one."""
    if messages == delivery.messages:
        return
    delivery.messages = messages
    if delivery.tries:
        delivery.retry_key = renewed(delivery.retry_key)


def renewed(retry_key: str) -> str:
    """The key that takes the place of one that LINE would soon forget."""
    return str(uuid5(RETRY_KEYS, f"{retry_key}:renewed"))


def journal_delivery(
    db: Session, delivery: Delivery, now: datetime, by: dict[str, str] = journal.SYSTEM
) -> None:
    """Tell the consoles how a delivery stands, line by line."""
    for message in _LINES.all(db, {"delivery_id": delivery.id}):
        entry = journal.Entry(
            delivery.account_id,
            "message.delivery",
            {"message": message},
            by,
            now,
            conversation_id=delivery.conversation_id,
        )
        journal.record(db, entry)


_LINES = Query(
    Message,
    select(Message)
    .where(col(Message.delivery_id) == bindparam("delivery_id"))
    .order_by(col(Message.seq)),
)


def _free_reply(
    db: Session, conversation: Conversation, now: datetime
) -> tuple[str | None, datetime | None]:
    """The token and its end. One token serves one call: whoever is first takes it."""
    until, arrival_id = conversation.free_reply_until, conversation.reply_arrival_id
    if until is None or arrival_id is None or now >= until:
        return None, None
    conversation.free_reply_until = None
    conversation.reply_arrival_id = None
    db.add(conversation)
    return find_one(db, Arrival, arrival_id).raw.get("replyToken"), until
