"""When queues are open, as stretches of time worked out beforehand.

Calendars belong to the language of flows, which storage does not know: whoever publishes keeps the
stretches of the days to come here, so that a verb can count in business hours by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage.models.desk import QueueHours
from storage.prepared import Prepared

MINUTE_S = 60
Span = tuple[int, int]  # whole minutes since 1970: from (included) to (excluded)


def keep_hours(db: Session, hours: Mapping[str, Sequence[Span] | None]) -> bool:
    """Make these the hours of the queues, and no others; whether anything is different."""
    known = {row.queue: row.spans for row in db.scalars(select(QueueHours))}
    wanted = {q: None if s is None else [list(span) for span in s] for q, s in hours.items()}
    if known == wanted:
        return False
    db.execute(delete(QueueHours).where(col(QueueHours.queue).not_in(wanted)))
    for queue, spans in wanted.items():
        db.merge(QueueHours(queue=queue, spans=spans))
    db.flush()
    return True


def hours_of(db: Session, queue: str | None) -> list[list[int]] | None:
    """The stretches in which a queue is open; None: around the clock."""
    found = _HOURS.first(db, {"queue": queue or ""})
    return found[0] if found is not None else None


_HOURS = Prepared(select(col(QueueHours.spans)).where(col(QueueHours.queue) == bindparam("queue")))


def after_open_minutes(
    spans: Sequence[Sequence[int]] | None, since: datetime, minutes: int
) -> datetime | None:
    """The moment when so many open minutes have passed; None when the hours end before."""
    if spans is None:
        return since + timedelta(minutes=minutes)
    left, at = float(minutes * MINUTE_S), since.timestamp()
    for start, end in spans:
        begin, close = max(start * MINUTE_S, at), end * MINUTE_S
        if close > begin and close - begin >= left:
            return datetime.fromtimestamp(begin + left, UTC)
        left -= max(0.0, close - begin)
    return None


def is_open(spans: Sequence[Sequence[int]] | None, now: datetime) -> bool:
    """Whether it is open at a moment."""
    at = now.timestamp() / MINUTE_S
    return spans is None or any(start <= at < end for start, end in spans)
