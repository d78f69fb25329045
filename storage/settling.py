"""A person sees to what did not plainly go out: sends it once more, or lets it be."""

from datetime import datetime

from sqlmodel import Session

from storage import journal
from storage.as_before import restore
from storage.bell import DELIVERIES
from storage.deliveries import SENT_AGAIN, Parcel, deliver, journal_delivery, lines_of
from storage.findable import forget
from storage.models.operators import Operator
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from storage.outcomes import end
from storage.refusals import NotFound, TooLate
from storage.talks import changed, lock

RESENDABLE = frozenset({"maybe_sent", "unknown", "rejected"})
FAILED = RESENDABLE | {"cancelled", "inferred_sent"}
GIVEN_UP = "given_up"  # the reason of what somebody let be before it was tried


def send_anyway(db: Session, delivery_id: int, operator: Operator, now: datetime) -> list[Message]:
    """Send again what may not have arrived, or surely has not, as a push under a new key.

    Raises NotFound.
    """
    conversation, old = _hold(db, delivery_id)
    if old.state not in RESENDABLE or old.reason == SENT_AGAIN:
        raise NotFound("there is no delivery here whose outcome is unknown")
    source = f"again:{old.id}:{old.retry_key}"
    parcel = Parcel(old.messages, source, is_push_only=True)
    delivery = deliver(db, conversation, parcel, now)
    old.reason, old.settled_at = SENT_AGAIN, now
    db.add(old)
    lines = lines_of(db, old)
    for message in lines:
        message.delivery_id = delivery.id
        db.add(message)
        changed(db, conversation, "message.delivery", journal.actor_of(operator), now, message)
    return lines


def give_up(db: Session, delivery_id: int, operator: Operator, now: datetime) -> list[Message]:
    """Let it be: what was not tried is not sent, and the talk is as it was before it; what may have
    been accepted says so.

    Raises NotFound, TooLate while LINE is being asked.
    """
    conversation, delivery = _hold(db, delivery_id)
    if delivery.state not in FAILED | {"pending", "sending"}:
        raise NotFound("there is no delivery here that has not plainly gone out")
    if delivery.state == "sending":
        raise TooLate
    is_waiting = delivery.state == "pending"
    if is_waiting:
        _end_waiting(delivery, now)
    delivery.settled_at = delivery.settled_at or now
    db.add(delivery)
    db.flush()
    journal_delivery(db, delivery, now, journal.actor_of(operator))
    journal.ring_later(db, DELIVERIES)  # what waits behind it
    lines = lines_of(db, delivery)
    if is_waiting and delivery.state == "cancelled" and delivery.undo is not None:
        _put_back(db, conversation, delivery, lines, operator, now)
    return lines


def _hold(db: Session, delivery_id: int) -> tuple[Conversation, Delivery]:
    """The talk first, as everybody who changes it does, then the delivery. Raises NotFound."""
    found = db.get(Delivery, delivery_id)
    if found is None:
        raise NotFound("there is no such delivery")
    conversation = lock(db, found.conversation_id)
    db.refresh(found, with_for_update=True)
    return conversation, found


def _put_back(
    db: Session, conversation: Conversation, delivery: Delivery, lines: list[Message],
    by: Operator, now: datetime,
) -> None:  # fmt: skip
    forget(db, "message", [line.id for line in lines])
    touched = restore(db, conversation, delivery, lines[-1].seq, now)
    changed(db, conversation, "message.undone", journal.actor_of(by), now, *touched)


def _end_waiting(delivery: Delivery, now: datetime) -> None:
    delivery.held = None
    if not delivery.is_unsure:
        end(delivery, "cancelled", GIVEN_UP, now)
    elif delivery.mode == "reply":
        end(delivery, "maybe_sent", "given up", now)
    else:
        end(delivery, "unknown", "given up", now)
