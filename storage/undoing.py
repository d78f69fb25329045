"""What staff take back: a talk resolved too soon, put aside too soon, or marked as seen.

Each is a verb with its own line in the talk; nothing that was said in the meantime is undone.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage import journal
from storage.deliveries import never_left
from storage.holding import give, move, new_handoff
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff, Message
from storage.refusals import WrongStatus
from storage.talks import activity, changed, lock, open_handoff
from storage.timers import clear_timer


def reopen_by_hand(
    db: Session, conversation_id: str, operator: Operator, now: datetime
) -> Conversation:
    """A resolved talk waits again, for the same assignee. Raises WrongStatus."""
    conversation = lock(db, conversation_id)
    if conversation.status != "done":
        raise WrongStatus(status=conversation.status)
    move(conversation, "reopen")
    conversation.waiting_since = _unanswered_since(db, conversation.id)
    conversation.resolved_at = None
    handoff = new_handoff(db, conversation, {"kind": "reopened_by_hand"}, now)
    _tell(db, conversation, "reopened_by_hand", operator, now, handoff)
    return conversation


def wake_by_hand(
    db: Session, conversation_id: str, operator: Operator, now: datetime
) -> Conversation:
    """A talk that was put aside is back: with its assignee, or in its queue. Raises WrongStatus."""
    conversation = lock(db, conversation_id)
    if conversation.status != "snoozed":
        raise WrongStatus(status=conversation.status)
    if conversation.assignee_id is not None:
        give(db, conversation, conversation.assignee_id, now)
    else:
        move(conversation, "wake")
        conversation.snoozed_until = None
        conversation.waiting_since = conversation.waiting_since or now
        clear_timer(db, conversation.id, "snooze")
    _tell(db, conversation, "woken_by_hand", operator, now, open_handoff(db, conversation))
    return conversation


def mark_unseen(
    db: Session, conversation_id: str, operator: Operator, now: datetime
) -> Conversation:
    """The staff want to look at it again. Their own mark: LINE tells the customer nothing of it."""
    conversation = lock(db, conversation_id)
    if conversation.unseen_count == 0:
        conversation.unseen_count = 1
        changed(db, conversation, "conversation.unseen", journal.actor_of(operator), now)
    return conversation


def _tell(
    db: Session,
    conversation: Conversation,
    kind: str,
    operator: Operator,
    now: datetime,
    handoff: Handoff | None,
) -> None:
    message = activity(db, conversation, kind, {"operator": operator.name}, now)
    touched = [message] if handoff is None else [message, handoff]
    changed(db, conversation, f"conversation.{kind}", journal.actor_of(operator), now, *touched)


def _unanswered_since(db: Session, conversation_id: str) -> datetime | None:
    """When the customer wrote what nobody has answered; None where everything is."""
    of_talk = col(Message.conversation_id) == conversation_id
    answered = select(func.coalesce(func.max(col(Message.seq)), 0)).where(
        of_talk, col(Message.sender).in_(["operator", "bot"]), ~never_left()
    )
    first = select(func.min(col(Message.at))).where(
        of_talk, col(Message.sender) == "customer", col(Message.seq) > answered.scalar_subquery()
    )
    return db.scalar(first)
