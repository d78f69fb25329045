"""What happened, in order. Every change writes one entry; consoles follow the entries.

Ids rise by one in each account's stream, in the order of the commits: they are taken as the last
statements before the commit, accounts in sorted order. The row lock on the stream's head makes
whoever is later wait, so a reader who has seen entry n has seen everything before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from storage import rows
from storage.bell import JOURNAL
from storage.models.operators import Operator
from storage.models.work import JournalEntry, JournalHead
from storage.prepared import Prepared

PAGE = 500
SYSTEM = {"kind": "system"}
BOT = {"kind": "bot"}
CUSTOMER = {"kind": "customer"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened.

    payload: {kind of row: the row itself}. It is shown as it is when the unit ends, so a row that
    changes several times in one unit is rendered once. A plain dict is shown as it stands.
    """

    account_id: str
    kind: str
    payload: Mapping[str, rows.Shown | dict[str, Any]]
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
    db.info.setdefault("journal", []).append(entry)


def actor_of(operator: Operator) -> dict[str, str]:
    """An operator as the journal names them."""
    return {"kind": "operator", "id": operator.id, "name": operator.name}


def ring_later(db: Session, *topics: str) -> None:
    """Ring these bells once the unit is committed."""
    db.info.setdefault("topics", set()).update(topics)


def is_rung(db: Session, topic: str) -> bool:
    """Whether this bell is to be rung after the commit."""
    return topic in db.info.get("topics", ())


def ring_no_more(db: Session, topic: str) -> None:
    """Do not ring this bell: the unit itself has done what it calls for."""
    db.info["topics"].discard(topic)


def number(db: Session) -> set[str]:
    """Give the unit's entries their ids; the topics to ring after the commit. Called by `unit`."""
    entries: list[Entry] = db.info.pop("journal", [])
    topics: set[str] = db.info.pop("topics", set())
    if not entries:
        return topics
    shown = rows.render(db, [thing for entry in entries for thing in entry.payload.values()])
    for account_id in sorted({entry.account_id for entry in entries}):
        stream = [_values(e, shown) for e in entries if e.account_id == account_id]
        _number_stream(db, account_id, stream)
    return topics | {JOURNAL}


def _values(entry: Entry, shown: Mapping[int, rows.Row]) -> dict[str, Any]:
    return {
        "account_id": entry.account_id,
        "kind": entry.kind,
        "conversation_id": entry.conversation_id,
        "customer_id": entry.customer_id,
        "payload": {kind: shown.get(id(thing), thing) for kind, thing in entry.payload.items()},
        "actor": entry.actor,
        "at": entry.at,
    }


_RISE = Prepared(
    update(JournalHead.__table__)  # type: ignore[attr-defined] # SQLModel adds it
    .where(col(JournalHead.account_id) == bindparam("of_account"))
    .values(last_id=col(JournalHead.last_id) + bindparam("count"))
    .returning(col(JournalHead.last_id))
)
_WRITE = Prepared(
    insert(JournalEntry).values({name: bindparam(name) for name in JournalEntry.model_fields})
)


def _number_stream(db: Session, account_id: str, entries: list[dict[str, Any]]) -> None:
    (last_id,) = _RISE.one(db, {"of_account": account_id, "count": len(entries)})
    first_id = last_id - len(entries) + 1
    for offset, entry in enumerate(entries):
        entry["id"] = first_id + offset
    _WRITE.run_each(db, entries)


def heads(db: Session, account_ids: Iterable[str]) -> dict[str, int]:
    """The newest id of each stream."""
    rows = db.execute(
        select(col(JournalHead.account_id), col(JournalHead.last_id)).where(
            col(JournalHead.account_id).in_(list(account_ids))
        )
    )
    return {row.account_id: row.last_id for row in rows}


def all_heads(db: Session) -> dict[str, int]:
    """The newest id of every stream."""
    return dict(_ALL_HEADS.all(db, {}))


_ALL_HEADS = Prepared(select(col(JournalHead.account_id), col(JournalHead.last_id)))
_TAIL = (
    select(JournalEntry)
    .where(
        col(JournalEntry.account_id) == bindparam("of_account"),
        col(JournalEntry.id) > bindparam("after"),
    )
    .order_by(col(JournalEntry.id))
    .limit(bindparam("at_most"))
)


def tail(db: Session, account_id: str, after: int, limit: int = PAGE) -> Tail:
    """What happened in an account's stream after an id."""
    head = heads(db, [account_id]).get(account_id, 0)
    if after > head or after < 0:
        return Tail(entries=(), head=head, more=False, reset=True)
    values = {"of_account": account_id, "after": after, "at_most": limit}
    entries = db.scalars(_TAIL, values).all()
    oldest_id = entries[0].id if entries else head + 1
    has_hole = bool(entries) and entries[-1].id - entries[0].id >= len(entries)
    if oldest_id != after + 1 or has_hole:  # the oldest entries were dropped: too far back
        return Tail(entries=(), head=head, more=False, reset=True)
    newest = entries[-1].id if entries else after
    return Tail(entries=entries, head=head, more=newest < head, reset=False)
