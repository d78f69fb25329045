"""The list of what each person was told of, and how far the journal was read for it.

It holds no word of a customer: what happened is read from the journal when it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from storage import journal
from storage.dialects import insert_once
from storage.models.notices import Notice, NoticeCursor
from storage.models.operators import Operator, OperatorAccount, Presence, QueueMember
from storage.models.preferences import OperatorPreference
from storage.models.work import JournalEntry
from storage.notice_rules import KINDS, Decision, Person, Told, complete
from storage.operators import accounts_of, get_operator, is_joined, queues_of

KEPT = 50  # lines of each person's list
PAGE = 200  # entries read at once
RULES = "notices"  # the name of the preference


@dataclass(frozen=True, slots=True)
class Reader:
    """A person, the language that they read, and what they want to hear of."""

    person: Person
    language: str
    rules: Mapping[str, Any]


def list_readers(db: Session, house_queues: frozenset[str]) -> list[Reader]:
    """Everybody who can be told of something."""
    query = select(Operator).where(col(Operator.is_disabled).is_(False)).order_by(col(Operator.id))
    accounts = _places(db, OperatorAccount.operator_id, OperatorAccount.account_id)
    queues = _places(db, QueueMember.operator_id, QueueMember.queue)
    kept = select(OperatorPreference).where(col(OperatorPreference.name) == RULES)
    rules = {row.operator_id: row.value for row in db.scalars(kept)}
    return [
        Reader(
            Person(one.id, one.name, queues.get(one.id), accounts.get(one.id), house_queues),
            one.language,
            complete(rules.get(one.id, {})),
        )
        for one in db.scalars(query)
        if is_joined(one)
    ]


def find_reader(db: Session, operator_id: str) -> Reader:
    """One person. Raises NotFound."""
    operator = get_operator(db, operator_id)
    kept = db.get(OperatorPreference, (operator_id, RULES))
    person = Person(
        operator.id, operator.name, queues_of(db, operator_id), accounts_of(db, operator_id)
    )
    return Reader(person, operator.language, complete(kept.value if kept is not None else {}))


def _places(db: Session, of: Any, place: Any) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for operator_id, name in db.execute(select(of, place)):
        found.setdefault(operator_id, set()).add(name)
    return {operator_id: frozenset(names) for operator_id, names in found.items()}


def find_behind(db: Session) -> dict[str, tuple[int, int]]:
    """The accounts with entries that were not read for this yet: the last read, and the newest."""
    cursors = db.execute(select(col(NoticeCursor.account_id), col(NoticeCursor.last_id)))
    read = {row.account_id: row.last_id for row in cursors}
    heads = journal.all_heads(db)
    return {a: (read.get(a, 0), head) for a, head in heads.items() if head > read.get(a, 0)}


def has_news(db: Session, account_id: str, after: int) -> bool:
    """Whether there is anything after an entry that could concern somebody."""
    query = select(col(JournalEntry.id)).where(
        col(JournalEntry.account_id) == account_id,
        col(JournalEntry.id) > after,
        col(JournalEntry.kind).in_(KINDS),
    )
    return db.scalars(query.limit(1)).first() is not None


def next_entries(db: Session, account_id: str) -> Sequence[JournalEntry] | None:
    """Entries to look at, held for this unit alone; None when another worker is at it.

    The unit that tells of them moves the cursor too: nothing is told twice, and nothing is lost.
    """
    fresh = {"account_id": account_id, "last_id": 0}
    insert_once(db, NoticeCursor, fresh, ["account_id"])
    held = select(NoticeCursor).where(col(NoticeCursor.account_id) == account_id)
    cursor = db.scalars(held.with_for_update(skip_locked=True)).first()
    if cursor is None:
        return None
    tail = journal.tail(db, account_id, cursor.last_id, PAGE)
    # What is too far back to be read is no news either.
    cursor.last_id = tail.head if tail.reset or not tail.entries else tail.entries[-1].id
    db.add(cursor)
    return tail.entries


def told_of(db: Session, operator_id: str, conversation_id: str | None, now: datetime) -> Told:
    """What somebody knows of a talk."""
    if conversation_id is None:
        return Told()
    rows = db.execute(
        select(col(Notice.occasion), func.max(Notice.told_at), func.max(Notice.seen_at))
        .where(
            col(Notice.operator_id) == operator_id,
            col(Notice.conversation_id) == conversation_id,
        )
        .group_by(col(Notice.occasion))
    ).all()
    looked = [seen for _, _, seen in rows if seen is not None]
    return Told(
        is_looking=_is_looking(db, operator_id, conversation_id, now),
        looked_at=max(looked, default=None),
        told_at={occasion: told for occasion, told, _ in rows if told is not None},
    )


def _is_looking(db: Session, operator_id: str, conversation_id: str, now: datetime) -> bool:
    query = select(col(Presence.socket_id)).where(
        col(Presence.operator_id) == operator_id,
        col(Presence.conversation_id) == conversation_id,
        col(Presence.doing) != "away",
        col(Presence.until_at) > now,
    )
    return db.scalars(query.limit(1)).first() is not None


def note(
    db: Session, operator_id: str, entry: JournalEntry, decision: Decision, now: datetime
) -> Notice:
    """A line in the list; what is not seen yet of the same talk and kind becomes one line."""
    line = _unseen_of(db, operator_id, entry, decision.occasion) or Notice(
        operator_id=operator_id,
        account_id=entry.account_id,
        conversation_id=entry.conversation_id,
        occasion=decision.occasion,
        entry_id=entry.id,
        at=entry.at,
        count=0,
    )
    line.entry_id, line.at, line.count = entry.id, entry.at, line.count + 1
    if decision.channels:
        line.told_at = now
    if decision.is_quiet:
        line.is_quiet = True
        line.held = sorted({*(line.held or ()), *decision.wanted} & {"desktop", "line"})
    db.add(line)
    db.flush()
    _prune(db, operator_id)
    return line


def _unseen_of(db: Session, operator_id: str, entry: JournalEntry, occasion: str) -> Notice | None:
    if entry.conversation_id is None or occasion == "notice":
        return None
    query = select(Notice).where(
        col(Notice.operator_id) == operator_id,
        col(Notice.conversation_id) == entry.conversation_id,
        col(Notice.occasion) == occasion,
        col(Notice.seen_at).is_(None),
    )
    return db.scalars(query.limit(1)).first()


def _prune(db: Session, operator_id: str) -> None:
    theirs = col(Notice.operator_id) == operator_id
    newest = select(col(Notice.id)).where(theirs).order_by(col(Notice.at).desc()).limit(KEPT)
    db.execute(delete(Notice).where(theirs, col(Notice.id).not_in(newest)))


def list_notices(db: Session, operator_id: str) -> Sequence[Notice]:
    """Somebody's list, the newest first."""
    query = select(Notice).where(col(Notice.operator_id) == operator_id)
    return db.scalars(query.order_by(col(Notice.at).desc(), col(Notice.id).desc())).all()


def mark_seen(
    db: Session, operator_id: str, conversation_id: str | None, up_to: int | None, now: datetime
) -> None:
    """Of one talk, or (without one) all up to a line that they have before them."""
    seen = update(Notice).where(
        col(Notice.operator_id) == operator_id, col(Notice.seen_at).is_(None)
    )
    if conversation_id is not None:
        seen = seen.where(col(Notice.conversation_id) == conversation_id)
    if up_to is not None:
        seen = seen.where(col(Notice.id) <= up_to)
    db.execute(seen.values(seen_at=now, held=None).execution_options(synchronize_session=False))


def list_held(db: Session) -> list[str]:
    """Who has something that waits for the end of their quiet hours."""
    query = select(col(Notice.operator_id)).where(col(Notice.held).is_not(None)).distinct()
    return sorted(db.scalars(query))


def release_held(db: Session, operator_id: str) -> dict[str, int]:
    """The quiet hours are over: how many things each means has to tell of, once."""
    held = select(Notice).where(col(Notice.operator_id) == operator_id)
    lines = db.scalars(held.where(col(Notice.held).is_not(None)).with_for_update()).all()
    counts: dict[str, int] = {}
    for line in lines:
        for channel in line.held or ():
            counts[channel] = counts.get(channel, 0) + 1
        line.held = None
        db.add(line)
    return counts


def forget_talk(db: Session, conversation_id: str) -> None:
    """Nobody is told of this talk any more."""
    db.execute(delete(Notice).where(col(Notice.conversation_id) == conversation_id))
