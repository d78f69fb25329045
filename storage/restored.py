"""After a restore from a backup: what was open then may have been done since, and nobody knows.

Keys are made from what they are for and never from a number of ours, so that trying a push again is
safe while LINE knows its key. A reply is tried again inside its window alone, and an event with a
reply token is given to a person: its turn would find the token used, and send a push beside it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.work import Arrival, Delivery
from storage.outbox import end_try
from storage.outcomes import OPEN, NoAnswer

WHY = "restored from a backup"


def distrust_deliveries(db: Session, now: datetime) -> Sequence[Delivery]:
    """What cannot be tried again safely ends as `maybe_sent` or `unknown`. Oldest first."""
    query = select(Delivery).where(col(Delivery.state).in_(OPEN)).order_by(col(Delivery.id))
    found = db.scalars(query).all()
    for delivery in found:
        delivery.mode = "push" if delivery.reply_token is None else "reply"
        delivery.is_unsure = True
        delivery.first_tried_at = delivery.first_tried_at or delivery.created_at
        end_try(db, delivery, NoAnswer(WHY), now)
    return found


def set_aside_arrivals(db: Session, now: datetime) -> Sequence[Arrival]:
    """The customers' events that had no turn yet. Oldest first; the caller shows them."""
    query = (
        select(Arrival)
        .where(col(Arrival.state) == "pending", ~col(Arrival.is_inside))
        .order_by(col(Arrival.id))
    )
    found = db.scalars(query).all()
    for arrival in found:
        arrival.state, arrival.trouble, arrival.done_at = "aside", WHY, now
        db.add(arrival)
    return found
