"""Broadcasts as the API and the journal show them; consoles see the counts rise, once a second.

What changes with every call to LINE is not told with every call: whoever writes a count down tells
it when the last telling is a second old, and else leaves it to `tell_late`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage import journal
from storage.broadcast_states import IS_BEING_SENT, IS_OPEN
from storage.lookups import operator_names
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.rows import Row, moment

TOLD_EVERY = timedelta(seconds=1)


def broadcast_rows(db: Session, broadcasts: Sequence[Broadcast]) -> list[Row]:
    """As lists and the journal show them: without the messages."""
    ids = [one for row in broadcasts for one in (row.created_by, row.sent_by)]
    names, retried = operator_names(db, ids), _count_retried(db, broadcasts)
    return [
        {
            "id": one.id,
            "account": one.account_id,
            "title": one.title,
            "status": one.status,
            "why_stopped": one.why_stopped,
            "line_said": one.line_said,
            "send_at": moment(one.send_at),
            "checked_at": moment(one.checked_at),
            "created_by": one.created_by,
            "created_by_name": names.get(one.created_by or ""),
            "created_at": moment(one.created_at),
            "updated_at": moment(one.updated_at),
            "sent_by": one.sent_by,
            "sent_by_name": names.get(one.sent_by or ""),
            "began_at": moment(one.began_at),
            "is_frozen": one.frozen_at is not None,
            "ended_at": moment(one.ended_at),
            "recipients": one.recipients,
            "sent": one.sent,
            "unknown": one.unknown,
            "failed": one.failed,
            "cancelled": one.cancelled,
            "retried": retried.get(one.id, 0),
            "version": one.version,
        }
        for one in broadcasts
    ]


def _count_retried(db: Session, broadcasts: Sequence[Broadcast]) -> dict[str, int]:
    """Of those being sent: people whose call LINE did not answer, and is made again."""
    going = [one.id for one in broadcasts if one.status == "sending"]
    if not going:
        return {}
    of_broadcast = col(BroadcastChunk.broadcast_id)
    query = (
        select(of_broadcast, func.sum(col(BroadcastChunk.size)))
        .where(of_broadcast.in_(going), IS_OPEN, col(BroadcastChunk.is_unsure))
        .group_by(of_broadcast)
    )
    return {id_: int(people) for id_, people in db.execute(query)}


def broadcast_row(db: Session, broadcast: Broadcast) -> Row:
    """One of them."""
    return broadcast_rows(db, [broadcast])[0]


def chunk_row(chunk: BroadcastChunk) -> Row:
    """A call whose outcome somebody has to look at."""
    return {
        "id": chunk.id,
        "broadcast_id": chunk.broadcast_id,
        "number": chunk.number,
        "size": chunk.size,
        "state": chunk.state,
        "reason": chunk.reason,
        "tries": chunk.tries,
        "first_tried_at": moment(chunk.first_tried_at),
        "tried_at": moment(chunk.tried_at),
        "ended_at": moment(chunk.ended_at),
        "settled_at": moment(chunk.settled_at),
    }


def tell(
    db: Session, broadcast: Broadcast, now: datetime, by: dict[str, str] = journal.SYSTEM
) -> None:
    """Tell the consoles how it stands, now."""
    broadcast.told_at, broadcast.is_untold = now, False
    db.add(broadcast)
    _record(db, broadcast, "broadcast.changed", by, now)


def tell_deleted(db: Session, broadcast: Broadcast, now: datetime, by: dict[str, str]) -> None:
    """It is not there any more."""
    _record(db, broadcast, "broadcast.deleted", by, now)


def tell_soon(db: Session, broadcast: Broadcast, now: datetime) -> None:
    """The same as `tell`, unless it is being sent and they were told within the last second."""
    broadcast.is_untold = True
    db.add(broadcast)
    if is_late(broadcast.told_at, now) or broadcast.status != "sending":
        tell(db, broadcast, now)


def is_late(told_at: datetime | None, now: datetime) -> bool:
    """Whether the last telling is a second old."""
    return told_at is None or now - told_at >= TOLD_EVERY


def tell_late(db: Session, now: datetime) -> int:
    """Tell what was left by `tell_soon` and is a second old; how many broadcasts."""
    query = select(Broadcast).where(
        IS_BEING_SENT, col(Broadcast.is_untold), col(Broadcast.told_at) <= now - TOLD_EVERY
    )
    late = db.scalars(query.with_for_update(skip_locked=True)).all()
    for broadcast in late:
        tell(db, broadcast, now)
    return len(late)


def _record(
    db: Session, broadcast: Broadcast, kind: str, by: dict[str, str], now: datetime
) -> None:
    db.flush()  # its calls, of which some may have to be made again
    shown = {"broadcast": broadcast_row(db, broadcast)}
    journal.record(db, journal.Entry(broadcast.account_id, kind, shown, by, now))
