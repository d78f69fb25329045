"""Who holds a talk: given to an operator, put back into its queue, let go. Moves only.

`give` and `put_back` are parts of a verb, which journals them; `let_go` is the end of one.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import journal, lifecycle
from storage.arrivals import add_inside
from storage.deliveries import cancel_old_answers
from storage.going_on import place_of_return
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff, Message
from storage.talks import activity, changed, open_handoff
from storage.timers import clear_timer


def move(conversation: Conversation, how: lifecycle.Move) -> None:
    """Change the status as the table of `lifecycle` says. Raises WrongStatus."""
    conversation.status = lifecycle.after(conversation.status, how)


def give(db: Session, conversation: Conversation, operator_id: str, now: datetime) -> None:
    """Make an operator the one who answers: fence off the bot, park its run. Not journalled."""
    move(conversation, "take")
    conversation.assignee_id = operator_id
    conversation.epoch += 1
    conversation.snoozed_until = None
    conversation.trouble = None
    conversation.put_back_by = None
    clear_timer(db, conversation.id, "snooze")
    cancel_old_answers(db, conversation, "taken", now)
    handoff = open_handoff(db, conversation) or new_handoff(
        db, conversation, {"kind": "taken"}, now
    )
    handoff.taken_at, handoff.taken_by = now, operator_id
    db.add(handoff)
    add_inside(db, conversation, "taken", {}, now)


def put_back(db: Session, conversation: Conversation, now: datetime, by: str | None = None) -> None:
    """Nobody answers any more: the talk waits in its queue. Not journalled.

    by: whoever lets go of it; the rule does not give it back to them.
    """
    move(conversation, "unassign")
    conversation.put_back_by = by
    conversation.assignee_id = None
    conversation.epoch += 1
    conversation.waiting_since = conversation.waiting_since or now
    handoff = open_handoff(db, conversation)
    if handoff is not None:
        handoff.taken_at, handoff.taken_by = None, None
        handoff.queue = conversation.queue
        db.add(handoff)


def let_go(
    db: Session, conversation: Conversation, how: str, operator: Operator | None, now: datetime
) -> None:
    """End the stretch of human help, tell the bot how, and journal it: resolved or returned."""
    conversation.waiting_since = None
    conversation.snoozed_until = None
    conversation.unseen_count = 0
    conversation.trouble = None
    clear_timer(db, conversation.id, "snooze")
    clear_timer(db, conversation.id, "return")
    clear_timer(db, conversation.id, "notify")
    handoff = open_handoff(db, conversation)
    run_id = handoff.run_id if handoff is not None else None
    touched: list[Message | Handoff] = []
    if handoff is not None:
        handoff.resolved_at = now
        db.add(handoff)
        db.flush()
        touched.append(handoff)
    add_inside(db, conversation, how, {"run_id": run_id}, now)
    params: dict[str, Any] = {"operator": operator.name if operator else None}
    if how == "returned":
        params |= place_of_return(db, conversation, handoff)
    touched.append(activity(db, conversation, how, params, now))
    actor = journal.actor_of(operator) if operator else journal.SYSTEM
    changed(db, conversation, f"conversation.{how}", actor, now, *touched)


def new_handoff(
    db: Session, conversation: Conversation, reason: dict[str, Any], now: datetime
) -> Handoff:
    """A stretch of human help that no flow asked for."""
    handoff = Handoff(
        conversation_id=conversation.id,
        queue=conversation.queue,
        reason=reason,
        answers=[],
        asked_at=now,
    )
    db.add(handoff)
    db.flush()
    return handoff
