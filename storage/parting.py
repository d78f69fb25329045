"""One bad message does not sink its fellows: LINE refuses the whole request and names it.

Nothing of a refused request was sent, so the rest goes out as it is, under a key of its own; the
faulty ones get a call of their own that has ended, with LINE's reason.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from sqlmodel import Session

from storage.deliveries import RETRY_KEYS, journal_delivery, lines_of
from storage.models.work import Delivery
from storage.objects import add_now
from storage.outcomes import end, say_less


def part_from(
    db: Session, delivery: Delivery, faulty: Sequence[int], reason: str, now: datetime
) -> bool:
    """Take the faulty messages out of a call; False when nothing would be left, or nobody knows
    whether an earlier try of the whole was accepted."""
    places = {place for place in faulty if place < len(delivery.messages)}
    if not places or len(places) == len(delivery.messages) or delivery.is_unsure:
        return False
    say_less(delivery)
    lines = lines_of(db, delivery)
    refused = _refused(db, delivery, sorted(places), reason, now)
    if len(lines) == len(delivery.messages):
        for place in places:
            lines[place].delivery_id = refused.id
            db.add(lines[place])
    delivery.messages = [m for n, m in enumerate(delivery.messages) if n not in places]
    delivery.retry_key = str(uuid5(RETRY_KEYS, f"{delivery.retry_key}:without:{sorted(places)}"))
    delivery.state, delivery.due_at = "pending", None
    delivery.tries, delivery.first_tried_at = 0, None
    db.add(delivery)
    db.flush()
    journal_delivery(db, refused, now)
    return True


def _refused(
    db: Session, delivery: Delivery, places: Sequence[int], reason: str, now: datetime
) -> Delivery:
    refused = add_now(
        db,
        Delivery,
        account_id=delivery.account_id,
        conversation_id=delivery.conversation_id,
        lane=delivery.lane,
        line_user_id=delivery.line_user_id,
        run_id=delivery.run_id,
        is_automatic=delivery.is_automatic,
        messages=[delivery.messages[place] for place in places],
        retry_key=str(uuid5(RETRY_KEYS, f"{delivery.retry_key}:only:{places}")),
        mode=delivery.mode,
        tries=delivery.tries,
        first_tried_at=delivery.first_tried_at,
        tried_at=delivery.tried_at,
        created_at=delivery.created_at,
    )
    end(refused, "rejected", reason, now)
    db.add(refused)
    return refused
