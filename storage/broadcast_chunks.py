"""The calls that a broadcast is made of: how they are counted, cancelled, and seen to.

Whoever changes one holds its broadcast first, so that its counts are those of its chunks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from storage import journal, measures
from storage.bell import BROADCASTS
from storage.broadcast_rows import tell
from storage.broadcast_states import IS_UNKNOWN, WAITS
from storage.broadcasts import hold, note_deed
from storage.deliveries import RETRY_KEYS, renewed
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.refusals import NotFound, WrongBroadcastStatus

LATEST = 50  # of what one friend got


def key_of(source: str, line_user_ids: Sequence[str]) -> str:
    """The retry key of a call to these people: what another backup would give the same call, and no
    other, because LINE takes a key for what it was first given with. source: what they are sent."""
    return str(uuid5(RETRY_KEYS, f"{source}:{','.join(line_user_ids)}"))


def count(broadcast: Broadcast, state: str, people: int) -> None:
    """So many more people (fewer, when it is negative) are sent, unknown, failed or cancelled."""
    setattr(broadcast, state, getattr(broadcast, state) + people)


def is_over(broadcast: Broadcast) -> bool:
    """Whether everybody's outcome is there."""
    ended = broadcast.sent + broadcast.unknown + broadcast.failed + broadcast.cancelled
    return broadcast.frozen_at is not None and ended == broadcast.recipients


def end_if_over(broadcast: Broadcast, now: datetime) -> bool:
    """A broadcast whose calls have all ended is done; whether it is so now."""
    if broadcast.status not in {"sending", "paused", "stopped"} or not is_over(broadcast):
        return False
    broadcast.status, broadcast.ended_at, broadcast.why_stopped = "done", now, None
    broadcast.version += 1
    return True


def end_chunk(
    broadcast: Broadcast, chunk: BroadcastChunk, state: str, reason: str | None, now: datetime
) -> None:
    """Nothing of it is tried any more."""
    measures.MULTICASTS_ENDED.labels(state).inc()
    chunk.state, chunk.reason, chunk.ended_at, chunk.due_at = state, reason, now, None
    count(broadcast, state, chunk.size)


def cancel_open(db: Session, broadcast: Broadcast, now: datetime) -> None:
    """End what waits: as unknown where LINE may have it, else as cancelled."""
    for state, is_unsure in (("unknown", True), ("cancelled", False)):
        waits = (
            col(BroadcastChunk.broadcast_id) == broadcast.id,
            WAITS,
            col(BroadcastChunk.is_unsure).is_(is_unsure),
        )
        how_many = select(func.count(), func.coalesce(func.sum(col(BroadcastChunk.size)), 0))
        calls, people = db.execute(how_many.where(*waits)).one()
        ended = {"state": state, "reason": "cancelled", "ended_at": now, "due_at": None}
        db.execute(update(BroadcastChunk).where(*waits).values(**ended))
        measures.MULTICASTS_ENDED.labels(state).inc(calls)
        count(broadcast, state, int(people))


def list_unknown(
    db: Session, broadcast_id: str, limit: int | None = None
) -> Sequence[BroadcastChunk]:
    """Calls that LINE may have taken, and that nobody has seen to; the first of them in their
    order, without the ids of their people."""
    query = select(BroadcastChunk).where(*_to_do(broadcast_id)).limit(limit)
    query = query.options(defer(BroadcastChunk.line_user_ids))  # type: ignore[arg-type] # a column
    return db.scalars(query.order_by(col(BroadcastChunk.number))).all()


def count_unknown(db: Session, broadcast_id: str) -> tuple[int, int]:
    """How many such calls there are, and to how many people."""
    people = func.coalesce(func.sum(col(BroadcastChunk.size)), 0)
    calls, size = db.execute(select(func.count(), people).where(*_to_do(broadcast_id))).one()
    return int(calls), int(size)


def _to_do(broadcast_id: str) -> list[ColumnElement[bool]]:
    return [
        col(BroadcastChunk.broadcast_id) == broadcast_id,
        IS_UNKNOWN,
        col(BroadcastChunk.settled_at).is_(None),
    ]


def send_unknown_again(
    db: Session, broadcast_id: str, chunk_id: int, by: Operator, now: datetime
) -> Broadcast:
    """Send it once more under another key: those who have it already get it twice.

    Raises NotFound, WrongBroadcastStatus when the broadcast was cancelled.
    """
    broadcast, chunk = _unknown(db, broadcast_id, chunk_id)
    if broadcast.status == "cancelled":
        raise WrongBroadcastStatus
    count(broadcast, "unknown", -chunk.size)
    chunk.retry_key, chunk.is_unsure = renewed(chunk.retry_key), False
    chunk.state, chunk.reason, chunk.ended_at = "pending", None, None
    chunk.settled_at = None
    chunk.tries, chunk.first_tried_at, chunk.tried_at, chunk.due_at = 0, None, None, None
    db.add(chunk)
    if broadcast.status == "done":
        broadcast.status, broadcast.ended_at = "sending", None
    note_deed(db, "broadcast_sent_again", broadcast, by, now, recipients=chunk.size)
    _seen_to(db, broadcast, by, now)
    journal.ring_later(db, BROADCASTS)
    return broadcast


def leave_unknown(
    db: Session, broadcast_id: str, chunk_id: int, by: Operator, now: datetime
) -> Broadcast:
    """Let it be: it stays counted as unknown, and is no more to do. Raises NotFound."""
    broadcast, chunk = _unknown(db, broadcast_id, chunk_id)
    chunk.settled_at = now
    db.add(chunk)
    note_deed(db, "broadcast_left", broadcast, by, now, recipients=chunk.size)
    _seen_to(db, broadcast, by, now)
    return broadcast


@dataclass(frozen=True, slots=True)
class Got:
    """A broadcast and what became of it for one person. state, reason: of their chunk."""

    broadcast: Broadcast
    state: str
    reason: str | None
    at: datetime | None


def of_friend(db: Session, friend_id: str, limit: int = LATEST) -> list[Got]:
    """Which broadcasts this friend was a recipient of, the newest first."""
    friend = db.get(Friend, friend_id)
    if friend is None:
        return []
    first = (
        select(func.max(col(BroadcastChunk.first_friend_id)))
        .where(
            col(BroadcastChunk.broadcast_id) == col(Broadcast.id),
            col(BroadcastChunk.first_friend_id) <= friend_id,
        )
        .correlate(Broadcast)
        .scalar_subquery()
    )
    query = (
        select(Broadcast, BroadcastChunk)
        .join(BroadcastChunk, col(BroadcastChunk.broadcast_id) == col(Broadcast.id))
        .where(
            col(Broadcast.account_id) == friend.account_id,
            col(BroadcastChunk.first_friend_id) == first,
            col(BroadcastChunk.last_friend_id) >= friend_id,
        )
        .order_by(col(Broadcast.began_at).desc(), col(Broadcast.id).desc())
    )
    got: list[Got] = []
    for broadcast, chunk in db.execute(query).yield_per(LATEST):
        if friend.line_user_id in chunk.line_user_ids:
            at = chunk.ended_at or chunk.tried_at
            got.append(Got(broadcast, chunk.state, chunk.reason, at))
        if len(got) == limit:
            break
    return got


def _unknown(db: Session, broadcast_id: str, chunk_id: int) -> tuple[Broadcast, BroadcastChunk]:
    broadcast = hold(db, broadcast_id, None)
    chunk = db.get(BroadcastChunk, chunk_id, with_for_update=True, populate_existing=True)
    is_there = chunk is not None and chunk.broadcast_id == broadcast_id
    if chunk is None or not is_there or chunk.state != "unknown":
        raise NotFound("there is no call here whose outcome is unknown")
    return broadcast, chunk


def _seen_to(db: Session, broadcast: Broadcast, by: Operator, now: datetime) -> None:
    broadcast.version += 1
    broadcast.updated_at = now
    tell(db, broadcast, now, journal.actor_of(by))
