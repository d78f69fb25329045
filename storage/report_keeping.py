"""Keeping the reports' figures up to date, a little at a time, from the journal.

An entry only says which talk was touched; the talk is then counted anew from its own rows, so the
figures are right whatever was missed, and are made from nothing the same way. The mark of how far
one has come is written in the same transaction as they are. Talks from before the first mark are
counted one page after another.

A step is counted while others may write, and written only if nobody was faster: what changed in
between has an entry after the step's last, and is counted again.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from storage import journal
from storage.accounts import list_accounts
from storage.dialects import insert_once
from storage.models.reports import ReportMark
from storage.models.talks import Conversation
from storage.models.work import JournalEntry
from storage.report_counting import Clock
from storage.report_tallies import Tally, tally, write_tally

ENTRIES_AT_ONCE = 200
TALKS_AT_ONCE = 30
NOTHING = Tally()
LINES_AT_ONCE = 1000  # a step is short, because nobody else runs while it counts


@dataclass(frozen=True, slots=True)
class Place:
    """How far the journal of an account is counted; as the mark has it."""

    last_id: int
    filled_to: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class Step:
    """What was counted, from one place to the next. since None: there is no mark yet."""

    account_id: str
    since: Place | None
    to: Place
    found: Tally = NOTHING


def count_next(db: Session, clock: Clock) -> list[Step]:
    """The next step of each account that has one, so that a busy one keeps nobody waiting."""
    if is_up_to_date(db, clock.zone):
        return []
    steps = (_next_of(db, account.id, clock) for account in list_accounts(db))
    return [step for step in steps if step is not None]


def keep_steps(db: Session, steps: Sequence[Step], now: datetime) -> bool:
    """Write what was counted; False when somebody else was faster with all of it."""
    kept = [_keep(db, step, now) for step in steps]  # every one, not up to the first
    return any(kept)


def keep_next(db: Session, clock: Clock, now: datetime) -> bool:
    """One step in one unit; whether there was any."""
    return keep_steps(db, count_next(db, clock), now)


def is_up_to_date(db: Session, zone: str) -> bool:
    """Whether there is nothing to do, which is told without a write."""
    marks = {mark.account_id: mark for mark in db.scalars(select(ReportMark))}
    return all(
        (mark := marks.get(account_id)) is not None
        and (mark.last_id, mark.filled_to, mark.zone) == (head, None, zone)
        for account_id, head in journal.all_heads(db).items()
    )


@dataclass(frozen=True, slots=True)
class Lag:
    """entries: how many are not counted yet. is_filling: talks from before are being counted."""

    entries: int
    is_filling: bool


def lag(db: Session, allows: Callable[[str], bool]) -> Lag:
    """How far the figures are behind, over the accounts that one may see."""
    heads = {account: head for account, head in journal.all_heads(db).items() if allows(account)}
    marks = {m.account_id: m for m in db.scalars(select(ReportMark))}
    missing = (head - marks[a].last_id if a in marks else head for a, head in heads.items())
    filling = (
        head > 0 and (a not in marks or marks[a].filled_to is not None) for a, head in heads.items()
    )
    return Lag(sum(missing), any(filling))


def _next_of(db: Session, account_id: str, clock: Clock) -> Step | None:
    mark = db.get(ReportMark, account_id, populate_existing=True)
    head = journal.heads(db, [account_id]).get(account_id, 0)
    begin = Place(head, "", clock.zone)  # from here on by the journal; what was before, by talks
    if mark is None:
        return Step(account_id, None, begin)
    since = Place(mark.last_id, mark.filled_to, mark.zone)
    if since.zone != clock.zone:
        return Step(account_id, since, begin)
    if since.filled_to is not None:
        return _fill(db, account_id, since, since.filled_to, clock)
    entries = db.execute(_ENTRIES, {"of_account": account_id, "after": since.last_id}).all()
    if head < since.last_id or (entries and entries[0].id != since.last_id + 1):
        return Step(account_id, since, begin)  # the entries between were dropped
    return _follow(db, account_id, since, entries, clock) if entries else None


def _fill(
    db: Session, account_id: str, since: Place, filled_to: str, clock: Clock
) -> Step:  # the next page of talks
    rows = db.execute(_TALKS_AFTER, {"of_account": account_id, "after": filled_to}).all()
    ids = _some(rows)
    is_last = len(ids) == len(rows) < TALKS_AT_ONCE
    to = Place(since.last_id, None if is_last else ids[-1], since.zone)
    return Step(account_id, since, to, tally(db, ids, clock))


def _follow(
    db: Session, account_id: str, since: Place, entries: Sequence[Row[int, str | None]],
    clock: Clock,
) -> Step:  # fmt: skip
    """The first few talks that entries touched, and the last entry of which that is all."""
    touched = list(dict.fromkeys(e.conversation_id for e in entries if e.conversation_id))
    sizes = {row.id: row for row in db.execute(_SIZES, {"ids": touched[:TALKS_AT_ONCE]})}
    ids = _some([sizes[id_] for id_ in touched if id_ in sizes])
    left = {id_ for id_ in touched if id_ not in ids}
    last_id = since.last_id
    for entry in entries:
        if entry.conversation_id in left:
            break
        last_id = entry.id
    to = Place(last_id, None, since.zone)
    return Step(account_id, since, to, tally(db, ids, clock))


def _some(rows: Sequence[Row[str, int]]) -> list[str]:
    """As many talks as are counted in a moment, and one at least."""
    ids: list[str] = []
    lines = 0
    for row in rows:
        lines += row.last_seq
        if ids and lines > LINES_AT_ONCE:
            break
        ids.append(row.id)
    return ids


def _keep(db: Session, step: Step, now: datetime) -> bool:
    to = step.to
    if step.since is None:
        row = {"account_id": step.account_id, **asdict(to), "at": now}
        return insert_once(db, ReportMark, row, ["account_id"])
    mark = db.get_one(ReportMark, step.account_id, with_for_update=True, populate_existing=True)
    if Place(mark.last_id, mark.filled_to, mark.zone) != step.since:
        return False
    mark.last_id, mark.filled_to, mark.zone, mark.at = to.last_id, to.filled_to, to.zone, now
    db.add(mark)
    write_tally(db, step.found)
    return True


_ENTRIES = (
    select(col(JournalEntry.id), col(JournalEntry.conversation_id))
    .where(
        col(JournalEntry.account_id) == bindparam("of_account"),
        col(JournalEntry.id) > bindparam("after"),
    )
    .order_by(col(JournalEntry.id))
    .limit(ENTRIES_AT_ONCE)
)
_SIZES = select(col(Conversation.id), col(Conversation.last_seq)).where(
    col(Conversation.id).in_(bindparam("ids", expanding=True))
)
_TALKS_AFTER = (
    select(col(Conversation.id), col(Conversation.last_seq))
    .where(
        col(Conversation.account_id) == bindparam("of_account"),
        col(Conversation.id) > bindparam("after"),
    )
    .order_by(col(Conversation.id))
    .limit(TALKS_AT_ONCE)
)
