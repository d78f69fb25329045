"""Taking back what an operator has sent and the worker has not tried: the message never leaves.

Who comes first to the delivery's row wins: the worker, which says that it is sending, or the
writer, who cancels. The talk is then as it was before: it waits again for whoever waited, and a
free reply that the message would have used is free again. The line stays in the talk, marked.
"""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal
from storage.as_before import restore
from storage.bell import DELIVERIES
from storage.deliveries import UNDONE, journal_delivery, lines_of
from storage.findable import forget
from storage.models.operators import Operator
from storage.models.talks import Message
from storage.models.work import Delivery
from storage.outcomes import end
from storage.refusals import NotFound, TooLate
from storage.talks import changed, lock


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
    lines = [line for delivery in deliveries for line in lines_of(db, delivery)]
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
    touched = restore(db, conversation, deliveries[0], lines[-1].seq, now)
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
