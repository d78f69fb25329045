"""Taking back what an operator has sent and the worker has not tried: the message never leaves.

Who comes first to the delivery's row wins: the worker, which says that it is sending, or the
writer, who cancels. The talk is then as it was before: it waits again for whoever waited, and a
free reply that the message would have used is free again. The line stays in the talk, marked.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import journal, rows
from storage.bell import DELIVERIES
from storage.deliveries import UNDONE, journal_delivery, never_left
from storage.findable import forget
from storage.holding import move
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery
from storage.outcomes import end
from storage.refusals import NotFound, TooLate
from storage.talks import changed, last_message_of, lock, open_handoff
from storage.timers import clear_timer, set_timer


def get_message(db: Session, message_id: str) -> Message:
    """A line that an operator sent. Raises NotFound."""
    message = db.get(Message, message_id)
    if message is None or message.sender != "operator" or message.delivery_id is None:
        raise NotFound("there is no such message")
    return message


def take_back(db: Session, message: Message, by: Operator, now: datetime) -> list[Message]:
    """Cancel a message with all that was sent with it: the lines, which are not sent.

    Raises TooLate when a call to LINE was begun; the same again is nothing new.
    """
    conversation = lock(db, message.conversation_id)
    deliveries = _sent_together(db, message)
    lines = [line for delivery in deliveries for line in _lines_of(db, delivery)]
    if all(one.state == "cancelled" and one.reason == UNDONE for one in deliveries):
        return lines
    if any(one.state != "pending" or one.tries > 0 or one.is_unsure for one in deliveries):
        raise TooLate
    for delivery in deliveries:
        end(delivery, "cancelled", UNDONE, now)
        db.add(delivery)
    db.flush()
    forget(db, "message", [line.id for line in lines])
    for delivery in deliveries:
        journal_delivery(db, delivery, now)
    _restore(db, conversation, deliveries[0], lines[-1].seq, now)
    handoff = _unanswer(db, conversation, deliveries[0])
    touched = [handoff] if handoff is not None else []
    changed(db, conversation, "message.undone", journal.actor_of(by), now, *touched)
    journal.ring_later(db, DELIVERIES)  # what waits behind it
    return lines


def _sent_together(db: Session, message: Message) -> list[Delivery]:
    """The calls of one message, oldest first; held until the unit ends."""
    own = db.get_one(Delivery, message.delivery_id, with_for_update=True, populate_existing=True)
    if own.undo is None:
        return [own]
    query = (
        select(Delivery)
        .where(
            col(Delivery.conversation_id) == own.conversation_id,
            col(Delivery.undo).is_not(None),
            col(Delivery.created_at) == own.created_at,
        )
        .order_by(col(Delivery.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    name = own.undo["name"]
    return [one for one in db.scalars(query) if one.undo and one.undo["name"] == name]


def _restore(
    db: Session, conversation: Conversation, delivery: Delivery, seq: int, now: datetime
) -> None:
    """The talk as it was before the message, as far as nothing else has happened to it since."""
    before = delivery.undo or {}
    _give_token_back(conversation, delivery, before, now)
    if conversation.last_message is not None and conversation.last_message["seq"] <= seq:
        _show_last(db, conversation)
    was_pending = before.get("status", "pending") == "pending"
    if not was_pending and _first_answer(db, conversation, before["seq"]) is None:
        _wait_again(db, conversation, before, now)
    db.add(conversation)


def _wait_again(
    db: Session, conversation: Conversation, before: dict[str, Any], now: datetime
) -> None:
    """Nobody has answered: who waited has waited all the time, by the clock of replies too."""
    until = _moment(before["snoozed_until"])
    if conversation.status == "pending":
        move(conversation, "take")
        clear_timer(db, conversation.id, "return")
        if before["status"] == "snoozed" and until is not None and until > now:
            move(conversation, "snooze")
            conversation.snoozed_until = until
            set_timer(db, conversation.id, "snooze", "snooze", until, {})
    if conversation.status in {"waiting", "active", "snoozed"}:
        since, clock = _moment(before["waiting_since"]), _moment(before["reply_since"])
        conversation.waiting_since = _earlier(conversation.waiting_since, since)
        conversation.reply_since = _earlier(conversation.reply_since, clock)


def _unanswer(db: Session, conversation: Conversation, delivery: Delivery) -> Handoff | None:
    """The stretch of help that the message was the first answer of; what came later is now."""
    handoff = open_handoff(db, conversation)
    if handoff is None or handoff.first_replied_at != delivery.created_at:
        return None
    first = _first_answer(db, conversation, (delivery.undo or {}).get("seq", 0))
    handoff.first_replied_at = first.at if first is not None else None
    db.add(handoff)
    return handoff


def _moment(shown: str | None) -> datetime | None:
    return datetime.fromisoformat(shown) if shown else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _give_token_back(
    conversation: Conversation, delivery: Delivery, before: dict[str, Any], now: datetime
) -> None:
    until, arrival_id = delivery.reply_until, before.get("arrival_id")
    is_over = until is None or until <= now
    if is_over or arrival_id is None or conversation.reply_arrival_id is not None:
        return
    conversation.free_reply_until, conversation.reply_arrival_id = until, arrival_id
    delivery.reply_token = None


def _first_answer(db: Session, conversation: Conversation, seq: int) -> Message | None:
    """What an operator has written first after a line, and did not take back."""
    later = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.sender) == "operator",
        col(Message.seq) > seq,
        ~never_left(),
    )
    return db.scalars(later.order_by(col(Message.seq)).limit(1)).first()


def _show_last(db: Session, conversation: Conversation) -> None:
    """The newest line that the queue may show, which lists are sorted by too."""
    query = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.sender) != "system",
        or_(col(Message.delivery_id).is_(None), ~never_left()),
    )
    last = db.scalars(query.order_by(col(Message.seq).desc()).limit(1)).first()
    conversation.last_message_at = rows.to_milliseconds(last.at) if last is not None else None
    conversation.last_message = last_message_of(last) if last is not None else None


def _lines_of(db: Session, delivery: Delivery) -> list[Message]:
    query = select(Message).where(col(Message.delivery_id) == delivery.id)
    return list(db.scalars(query.order_by(col(Message.seq))))
