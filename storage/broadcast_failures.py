"""What went wrong with a broadcast, in the words that LINE or we have for it, and for how many."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.models.broadcasts import BroadcastChunk


@dataclass(frozen=True, slots=True)
class Failure:
    """reason: as a chunk has it, None when nobody said one. people: who did not get it."""

    reason: str | None
    people: int


def list_failures(db: Session, broadcast_id: str) -> list[Failure]:
    """Why calls were refused; the reason that hit most comes first."""
    people = func.sum(col(BroadcastChunk.size))
    query = (
        select(col(BroadcastChunk.reason), people)
        .where(
            col(BroadcastChunk.broadcast_id) == broadcast_id,
            col(BroadcastChunk.state) == "failed",
        )
        .group_by(col(BroadcastChunk.reason))
        .order_by(people.desc())
    )
    return [Failure(reason, int(count)) for reason, count in db.execute(query)]
