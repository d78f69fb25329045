"""Broadcasts after a restore from a backup: what was open then may have been sent since.

A call's key is made from whom it is for, so that trying it again is safe while LINE knows its key
and before it would have got another. What is older is unknown; who was not on the list yet, or
whose moment has passed, waits for a person.
"""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from storage.broadcast_calls import stop
from storage.broadcast_chunks import end_chunk, end_if_over
from storage.broadcast_rows import tell
from storage.broadcast_states import IS_OPEN, IS_SCHEDULED
from storage.intents import KEY_FRESH
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.restored import WHY

BEGUN = ("sending", "paused", "stopped", "cancelled")


def distrust_broadcasts(db: Session, now: datetime) -> int:
    """Nothing is sent again by guess; how many calls are of unknown outcome now."""
    is_due = and_(IS_SCHEDULED, col(Broadcast.send_at) <= now)
    query = select(Broadcast).where(or_(is_due, col(Broadcast.status).in_(BEGUN)))
    count = 0
    for broadcast in db.scalars(query.order_by(col(Broadcast.id))).all():
        count += _distrust_calls(db, broadcast, now)
        if broadcast.frozen_at is None and broadcast.status != "cancelled":
            stop(db, broadcast, "restored", now)
        end_if_over(broadcast, now)
        tell(db, broadcast, now)
    return count


def _distrust_calls(db: Session, broadcast: Broadcast, now: datetime) -> int:
    query = select(BroadcastChunk).where(IS_OPEN, col(BroadcastChunk.broadcast_id) == broadcast.id)
    count = 0
    for chunk in db.scalars(query.order_by(col(BroadcastChunk.id))).all():
        since = chunk.first_tried_at or broadcast.began_at or broadcast.created_at
        chunk.is_unsure, chunk.first_tried_at = True, since
        if now - since >= KEY_FRESH or broadcast.status == "cancelled":
            end_chunk(broadcast, chunk, "unknown", WHY, now)
            count += 1
        else:
            chunk.state, chunk.due_at = "pending", None
        db.add(chunk)
    return count
