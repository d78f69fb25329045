"""A customer has waited, or is about to wait, longer than the counter promised: tell it once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal, reply_clock
from storage.models.talks import Conversation
from storage.talks import changed, open_handoff


def ring(db: Session, conversation: Conversation, told: Mapping[str, Any], now: datetime) -> None:
    """The timer of a talk's clock. What it was set for may have moved meanwhile."""
    if told["what"] == "look":
        _look(db, conversation, now)
        return
    due_at = conversation.reply_due_at
    if due_at is None or due_at.isoformat() != told["due"]:
        return
    if told["what"] == "at_risk":
        reply_clock.tell_at_the_end(db, conversation)
    changed(db, conversation, f"conversation.{told['what']}", journal.SYSTEM, now)


def look_at_all(db: Session, now: datetime) -> None:
    """Targets or hours have changed: every clock that runs is settled, each in its own turn."""
    running = select(col(Conversation.id)).where(
        col(Conversation.status).in_(["waiting", "active"]),
        col(Conversation.waiting_since).is_not(None),
    )
    for conversation_id in db.scalars(running.order_by(col(Conversation.id))).all():
        reply_clock.look_again(db, conversation_id, now)


def _look(db: Session, conversation: Conversation, now: datetime) -> None:
    """Settle the clock, and journal it only when it stands elsewhere."""
    if not reply_clock.is_moving(conversation):
        return
    before = conversation.reply_due_at
    handoff = open_handoff(db, conversation)
    is_touched = reply_clock.settle(db, conversation, handoff, now)
    if conversation.reply_due_at != before or is_touched:
        touched = [handoff] if handoff is not None else []
        changed(db, conversation, "conversation.clock", journal.SYSTEM, now, *touched)
    else:
        reply_clock.arm(db, conversation, now)
