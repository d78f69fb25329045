"""A talk as it was before a message that never left: it waits again for whoever waited.

A free reply that the message would have used is free again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import rows
from storage.deliveries import never_left
from storage.holding import move
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery
from storage.talks import last_message_of, open_handoff
from storage.timers import clear_timer, set_timer


def restore(
    db: Session, conversation: Conversation, delivery: Delivery, seq: int, now: datetime
) -> list[Handoff]:
    """As far as nothing else has happened to it since; what is changed beside the talk.

    seq: of the last line that was not sent.
    """
    before = delivery.undo or {}
    _give_token_back(conversation, delivery, before, now)
    if conversation.last_message is not None and conversation.last_message["seq"] <= seq:
        _show_last(db, conversation)
    was_pending = before.get("status", "pending") == "pending"
    if not was_pending and _first_answer(db, conversation, before["seq"]) is None:
        _wait_again(db, conversation, before, now)
    db.add(conversation)
    handoff = _unanswer(db, conversation, delivery)
    return [handoff] if handoff is not None else []


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
