"""Which calls of broadcasts may leave now: within the rate, the month and their own status.

As with other calls the intent is committed before LINE is called. Whoever changes a call holds its
broadcast first: so a broadcast that is paused or cancelled begins none any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session, col

from storage.broadcast_month import find_room
from storage.broadcast_outcomes import Call
from storage.broadcast_rows import is_late, tell
from storage.broadcast_states import IS_BEING_SENT, IS_SCHEDULED, IS_UNDER_WAY, WAITS
from storage.broadcasts import hold
from storage.deliveries import renewed
from storage.endpoints import Rooms
from storage.intents import KEY_FRESH
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.columns import UtcDateTime
from storage.objects import Query
from storage.outcomes import KEY_LIFE
from storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Going:
    """What there is to do. is_due: a broadcast is to begin; is_unfrozen: recipients are to be
    written down; is_untold: counts are to be told; ready: the broadcasts that calls may be left of.
    """

    is_due: bool
    is_unfrozen: bool
    is_untold: bool
    ready: Sequence[str]


def look(db: Session, now: datetime) -> Going:
    """Whatever the clock or staff have set going."""
    found = _GOING.all(db, {"now": now})
    sending = [row for row in found if row[1] == "sending"]
    return Going(
        is_due=len(sending) < len(found),
        is_unfrozen=any(frozen_at is None for _, _, frozen_at, _, _ in sending),
        is_untold=any(untold and is_late(told_at, now) for _, _, _, untold, told_at in sending),
        ready=[id_ for id_, _, frozen_at, _, _ in sending if frozen_at is not None],
    )


_NOW = bindparam("now", type_=UtcDateTime)
_GOING = Prepared(
    select(
        col(Broadcast.id),
        col(Broadcast.status),
        col(Broadcast.frozen_at),
        col(Broadcast.is_untold),
        col(Broadcast.told_at),
    )
    .where(or_(IS_BEING_SENT, and_(IS_SCHEDULED, col(Broadcast.send_at) <= _NOW)))
    .order_by(col(Broadcast.began_at), col(Broadcast.id))
)
_DUE = Query(
    BroadcastChunk,
    select(BroadcastChunk)
    .where(
        col(BroadcastChunk.broadcast_id) == bindparam("of_broadcast"),
        WAITS,
        or_(col(BroadcastChunk.due_at).is_(None), col(BroadcastChunk.due_at) <= _NOW),
        ~and_(
            col(BroadcastChunk.is_unsure),
            col(BroadcastChunk.first_tried_at) <= bindparam("key_end", type_=UtcDateTime),
        ),
    )
    .order_by(col(BroadcastChunk.id))
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True),
    is_fresh=True,
)


def claim(db: Session, broadcast_id: str, now: datetime, limit: int) -> list[Call]:
    """Commit the intent of the next calls of a broadcast, in the order of its recipients."""
    broadcast = hold(db, broadcast_id, None)
    if broadcast.status != "sending" or broadcast.frozen_at is None:
        return []
    rooms = Rooms(db, [(broadcast.account_id, "multicast")], now)
    key_end = now - KEY_LIFE
    values = {"of_broadcast": broadcast_id, "now": now, "key_end": key_end, "at_most": limit}
    calls = []
    for chunk in _within_month(db, broadcast, _DUE.all(db, values), now):
        if not rooms.take(broadcast.account_id, "multicast"):
            break
        is_probe = rooms.has_refused(broadcast.account_id, "multicast")
        calls.append(_intend(broadcast, chunk, now, is_probe=is_probe))
    return calls


def _within_month(
    db: Session, broadcast: Broadcast, due: Sequence[BroadcastChunk], now: datetime
) -> Sequence[BroadcastChunk]:
    """As many as the month has messages for. When it has none, and no call is under way or is to be
    made again whose outcome is to be learnt, the broadcast stops."""
    room = find_room(db, broadcast.account_id, now)
    if room.left is None or not due:
        return due
    going = _under_way(db, broadcast.account_id)
    left, within = room.left - going, list[BroadcastChunk]()
    for chunk in due:
        # Whatever the month says, an unknown outcome is to be learnt.
        if chunk.is_unsure or chunk.size <= left:
            left -= chunk.size
            within.append(chunk)
    if not within and going == 0 and not _is_in_doubt(db, broadcast.id):
        stop(db, broadcast, room.find_short(due[0].size) or "month", now)
    return within


def _under_way(db: Session, account_id: str) -> int:
    """How many people the account's calls are about to reach."""
    query = select(func.sum(col(BroadcastChunk.size))).where(
        col(BroadcastChunk.account_id) == account_id, IS_UNDER_WAY
    )
    return int(db.scalar(query) or 0)


def _is_in_doubt(db: Session, broadcast_id: str) -> bool:
    """Whether a call that LINE may have taken waits for its next try."""
    query = select(col(BroadcastChunk.id)).where(
        col(BroadcastChunk.broadcast_id) == broadcast_id,
        WAITS,
        col(BroadcastChunk.is_unsure),
    )
    return db.scalars(query.limit(1)).first() is not None


def stop(
    db: Session, broadcast: Broadcast, why: str, now: datetime, said: str | None = None
) -> None:
    """It goes no further until staff resume it. said: in LINE's words."""
    broadcast.status, broadcast.why_stopped, broadcast.line_said = "stopped", why, said
    broadcast.version += 1
    broadcast.updated_at = now
    tell(db, broadcast, now)


def _intend(broadcast: Broadcast, chunk: BroadcastChunk, now: datetime, *, is_probe: bool) -> Call:
    first = chunk.first_tried_at
    if first is not None and not chunk.is_unsure and now - first >= KEY_FRESH:
        chunk.retry_key, chunk.first_tried_at = renewed(chunk.retry_key), None
    chunk.state, chunk.tried_at = "sending", now
    chunk.tries += 1
    chunk.first_tried_at = chunk.first_tried_at or now
    return Call(
        chunk_id=chunk.id or 0,
        broadcast_id=broadcast.id,
        account_id=broadcast.account_id,
        line_user_ids=chunk.line_user_ids,
        messages=broadcast.messages,
        retry_key=chunk.retry_key,
        tried_at=now,
        is_probe=is_probe,
    )
