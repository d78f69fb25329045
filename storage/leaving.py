"""A talk whose assignee is out comes to its queue: when it needs a person, not before."""

from datetime import datetime

from sqlmodel import Session

from storage import journal, lifecycle
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.standing import is_out
from storage.talks import activity, changed, open_handoff


def leave_to_queue(db: Session, conversation: Conversation, now: datetime) -> bool:
    """If a customer waits and whoever holds the talk is out, nobody holds it; whether it was so."""
    operator_id = conversation.assignee_id
    if conversation.status not in {"waiting", "active"} or operator_id is None:
        return False
    if not is_out(db, operator_id, now):
        return False
    if conversation.status != "waiting":
        conversation.status = lifecycle.after(conversation.status, "unassign")
    conversation.assignee_id = None
    conversation.epoch += 1
    conversation.waiting_since = conversation.waiting_since or now
    operator = db.get_one(Operator, operator_id)
    params = {"operator": operator.name, "queue": conversation.queue}
    message = activity(db, conversation, "left", params, now)
    handoff = open_handoff(db, conversation)
    if handoff is None:
        changed(db, conversation, "conversation.assigned", journal.SYSTEM, now, message)
        return True
    handoff.taken_at, handoff.taken_by = None, None
    handoff.queue = conversation.queue
    db.add(handoff)
    changed(db, conversation, "conversation.assigned", journal.SYSTEM, now, message, handoff)
    return True
