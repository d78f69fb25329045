"""Out of office: what waits for somebody goes to its queue, and new questions go there too."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.leaving import leave_to_queue
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.standing import BUSY, set_back, set_out
from storage.talks import lock


def go_out(
    db: Session, operator: Operator, by: Operator, until: datetime | None, now: datetime
) -> int:
    """Somebody is out from now on; how many of their talks went to a queue.

    Those in which a customer waits for an answer go at once; those that wait for the customer stay
    theirs, and go when the customer answers. The end, when there is one, lies in the future.
    """
    set_out(db, operator.id, by.name, until, now)
    db.flush()
    theirs = select(col(Conversation.id)).where(
        col(Conversation.assignee_id) == operator.id,
        col(Conversation.status).in_(BUSY),
        col(Conversation.waiting_since).is_not(None),
    )
    ids = db.scalars(theirs.order_by(col(Conversation.id))).all()
    return sum(leave_to_queue(db, lock(db, id_), now) for id_ in ids)


def come_back(db: Session, operator: Operator) -> None:
    """They are back; nothing moves by itself."""
    set_back(db, operator.id)
