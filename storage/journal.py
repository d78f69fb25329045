"""What happened, in order. Every change writes one entry; consoles follow the entries.

Ids rise by one in each account's stream, in the order of the commits: they are taken as the last
statements before the commit, accounts in sorted order. The row lock on the stream's head makes
whoever is later wait, so a reader who has seen entry n has seen everything before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from storage.bell import JOURNAL
from storage.models.work import JournalEntry, JournalHead

PAGE = 500
SYSTEM = {"kind": "system"}
BOT = {"kind": "bot"}
CUSTOMER = {"kind": "customer"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. payload: {kind of row: the row as the API shows it}."""

    account_id: str
    kind: str
    payload: dict[str, Any]
    actor: dict[str, str]
    at: datetime
    conversation_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """Entries of one stream after an id.

    entries: oldest first, rising by one. head: the newest id of the stream. more: there are
    further entries after these. reset: the asked id is not in the stream; load a snapshot.
    """

    entries: Sequence[JournalEntry]
    head: int
    more: bool
    reset: bool


def record(db: Session, entry: Entry) -> None:
    """Note an entry; it gets its number when the unit is about to commit."""
    db.info.setdefault("journal", []).append(asdict(entry))


def ring_later(db: Session, *topics: str) -> None:
    """Ring these bells once the unit is committed."""
    db.info.setdefault("topics", set()).update(topics)


def number(db: Session) -> set[str]:
    """Give the unit's entries their ids; the topics to ring after the commit. Called by `unit`."""
    entries: list[dict[str, Any]] = db.info.pop("journal", [])
    topics: set[str] = db.info.pop("topics", set())
    for account_id in sorted({entry["account_id"] for entry in entries}):
        _number_stream(db, account_id, [e for e in entries if e["account_id"] == account_id])
        topics.add(JOURNAL)
    return topics


def _number_stream(db: Session, account_id: str, entries: list[dict[str, Any]]) -> None:
    rise = (
        update(JournalHead)
        .where(col(JournalHead.account_id) == account_id)
        .values(last_id=JournalHead.last_id + len(entries))
        .returning(col(JournalHead.last_id))
    )
    last_id = db.execute(rise, execution_options={"synchronize_session": False}).scalar_one()
    first_id = last_id - len(entries) + 1
    for offset, entry in enumerate(entries):
        entry["id"] = first_id + offset
    db.execute(insert(JournalEntry), entries)


def heads(db: Session, account_ids: Iterable[str]) -> dict[str, int]:
    """The newest id of each stream."""
    rows = db.execute(
        select(col(JournalHead.account_id), col(JournalHead.last_id)).where(
            col(JournalHead.account_id).in_(list(account_ids))
        )
    )
    return {row.account_id: row.last_id for row in rows}


def tail(db: Session, account_id: str, after: int, limit: int = PAGE) -> Tail:
    """What happened in an account's stream after an id."""
    head = heads(db, [account_id]).get(account_id, 0)
    if after > head or after < 0:
        return Tail(entries=(), head=head, more=False, reset=True)
    query = (
        select(JournalEntry)
        .where(col(JournalEntry.account_id) == account_id, col(JournalEntry.id) > after)
        .order_by(col(JournalEntry.id))
        .limit(limit)
    )
    entries = list(db.scalars(query))
    is_gapless = not entries or entries[0].id == after + 1
    if not is_gapless:  # the oldest entries were dropped: too far back
        return Tail(entries=(), head=head, more=False, reset=True)
    newest = entries[-1].id if entries else after
    return Tail(entries=entries, head=head, more=newest < head, reset=False)
