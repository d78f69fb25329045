"""What is too old to be kept: LINE's events as they came, what the consoles were told, and to whom
broadcasts went.

Events are kept for 30 days, because LINE may deliver one again; those that are set aside stay. Of
the journal 90 days are kept, and of what is older the entries that a customer's history shows. Who
the recipients of a broadcast were is known for 90 days after its end.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.work import Arrival, JournalEntry
from storage.timelines import KINDS

ARRIVALS_KEPT = timedelta(days=30)
JOURNAL_KEPT = timedelta(days=90)
BROADCASTS_KEPT = JOURNAL_KEPT
AT_ONCE = 200  # in one transaction, which on SQLite keeps every other writer waiting
CALLS_AT_ONCE = 20  # of broadcasts, each with its 500 ids


def prune_arrivals(db: Session, now: datetime) -> int:
    """Delete the oldest events that are done, a page of them; how many there were."""
    query = select(Arrival.id, Arrival.received_at).where(col(Arrival.state) == "done")
    oldest = db.exec(query.order_by(col(Arrival.id)).limit(AT_ONCE)).all()
    old = [id_ for id_, received_at in oldest if received_at < now - ARRIVALS_KEPT]
    if old:
        db.execute(delete(Arrival).where(col(Arrival.id).in_(old)))
    return len(old)


def prune_broadcasts(db: Session, now: datetime) -> int:
    """Delete to whom the oldest broadcasts went, a page of their calls; how many there were. Their
    counts stay."""
    old = select(Broadcast.id).where(col(Broadcast.ended_at) < now - BROADCASTS_KEPT)
    # Not a join: SQLite would begin it with all the calls that there are.
    calls = select(BroadcastChunk.id).where(col(BroadcastChunk.broadcast_id).in_(old))
    going = db.exec(calls.limit(CALLS_AT_ONCE)).all()
    if going:
        db.execute(delete(BroadcastChunk).where(col(BroadcastChunk.id).in_(going)))
    return len(going)


def prune_journal(db: Session, account_id: str, after: int, now: datetime) -> int | None:
    """Delete what is too old among the entries after an id, a page of them; the id that it came to,
    None when there is no older one."""
    query = select(JournalEntry.id, JournalEntry.kind, JournalEntry.at).where(
        col(JournalEntry.account_id) == account_id, col(JournalEntry.id) > after
    )
    page = db.exec(query.order_by(col(JournalEntry.id)).limit(AT_ONCE)).all()
    old = [(id_, kind) for id_, kind, at in page if at < now - JOURNAL_KEPT]
    going = [id_ for id_, kind in old if kind not in KINDS]
    if going:
        mine = col(JournalEntry.account_id) == account_id
        db.execute(delete(JournalEntry).where(mine, col(JournalEntry.id).in_(going)))
    return old[-1][0] if old else None
