"""What broadcasts come to, for /metrics and the doctor: counts alone."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.broadcast_states import IS_OPEN, IS_UNKNOWN
from storage.models.broadcasts import Broadcast, BroadcastChunk

ENDS = ("sent", "unknown", "failed", "cancelled")


def count_open(db: Session) -> int:
    """Calls that have not ended."""
    return int(db.scalar(select(func.count(col(BroadcastChunk.id))).where(IS_OPEN)) or 0)


def count_people(db: Session) -> dict[str, int]:
    """Recipients by what became of them."""
    sums = [func.coalesce(func.sum(getattr(Broadcast, end)), 0) for end in ENDS]
    return dict(zip(ENDS, map(int, db.execute(select(*sums)).one()), strict=True))


def count_troubled(db: Session) -> tuple[int, int]:
    """Broadcasts that were stopped, and calls of unknown outcome that nobody has seen to."""
    stopped = select(func.count()).where(col(Broadcast.status) == "stopped")
    unknown = select(func.count(col(BroadcastChunk.id))).where(
        IS_UNKNOWN, col(BroadcastChunk.settled_at).is_(None)
    )
    return int(db.scalar(stopped) or 0), int(db.scalar(unknown) or 0)
