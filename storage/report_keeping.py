"""Keeping the reports' figures up to date, a little at a time, from the journal.

An entry only says which talk was touched; the talk is then counted anew from its own rows, so the
figures are right whatever was missed, and are made from nothing the same way. The mark of how far
one has come is written in the same transaction. Talks from before the first mark are counted one
page after another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session, col

from storage import journal
from storage.accounts import list_accounts
from storage.models.reports import ReportFact, ReportHelp, ReportMark
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery, JournalEntry
from storage.report_counting import (
    SUMS,
    Call,
    Clock,
    Counted,
    Line,
    Place,
    Stretch,
    count_talk,
    origin_flow,
)

ENTRIES_AT_ONCE = 200
TALKS_AT_ONCE = 3  # a step is short, because on SQLite everybody waits while one writes


def keep_next(db: Session, clock: Clock, now: datetime) -> bool:
    """One step for each account; whether there is more to do at once."""
    is_more = False
    for account in list_accounts(db):  # each of them, so that a busy one keeps nobody waiting
        is_more |= _keep_account(db, account.id, clock, now)
    return is_more


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


def _keep_account(db: Session, account_id: str, clock: Clock, now: datetime) -> bool:
    mark = db.scalars(
        select(ReportMark).where(col(ReportMark.account_id) == account_id).with_for_update()
    ).first()
    if mark is None or mark.zone != clock.zone:
        _begin(db, mark, account_id, clock, now)
        return True
    if mark.filled_to is not None:
        _fill(db, mark, clock)
        return True
    head = journal.heads(db, [account_id]).get(account_id, 0)
    entries = db.execute(_ENTRIES, {"of_account": account_id, "after": mark.last_id}).all()
    if head < mark.last_id or (entries and entries[0].id != mark.last_id + 1):
        _begin(db, mark, account_id, clock, now)  # the entries between were dropped
        return True
    if not entries:
        return False
    talks, last_id = _first_talks([(e.id, e.conversation_id) for e in entries])
    for talk_id in talks:
        count_again(db, talk_id, clock)
    mark.last_id, mark.at = last_id, now
    db.add(mark)
    return last_id < head


def _first_talks(entries: Sequence[tuple[int, str | None]]) -> tuple[list[str], int]:
    """The first few talks that entries touched, and the last entry of which that is all."""
    talks: dict[str, None] = {}
    last_id = entries[0][0] - 1
    for id_, talk_id in entries:
        if talk_id is not None and talk_id not in talks:
            if len(talks) == TALKS_AT_ONCE:
                break
            talks[talk_id] = None
        last_id = id_
    return list(talks), last_id


_ENTRIES = (
    select(col(JournalEntry.id), col(JournalEntry.conversation_id))
    .where(
        col(JournalEntry.account_id) == bindparam("of_account"),
        col(JournalEntry.id) > bindparam("after"),
    )
    .order_by(col(JournalEntry.id))
    .limit(ENTRIES_AT_ONCE)
)


def _begin(
    db: Session, mark: ReportMark | None, account_id: str, clock: Clock, now: datetime
) -> None:
    """From here on by the journal; what was before, talk by talk."""
    head = journal.heads(db, [account_id]).get(account_id, 0)
    mark = mark or ReportMark(account_id=account_id, last_id=head, zone=clock.zone, at=now)
    mark.last_id, mark.filled_to, mark.zone, mark.at = head, "", clock.zone, now
    db.add(mark)


def _fill(db: Session, mark: ReportMark, clock: Clock) -> None:
    ids = db.scalars(
        select(col(Conversation.id))
        .where(
            col(Conversation.account_id) == mark.account_id,
            col(Conversation.id) > (mark.filled_to or ""),
        )
        .order_by(col(Conversation.id))
        .limit(TALKS_AT_ONCE)
    ).all()
    for talk_id in ids:
        count_again(db, talk_id, clock)
    mark.filled_to = ids[-1] if len(ids) == TALKS_AT_ONCE else None
    db.add(mark)


def count_again(db: Session, conversation_id: str, clock: Clock) -> None:
    """Count one talk anew and write what has changed."""
    talk = db.get(Conversation, conversation_id)
    if talk is None:
        return
    if talk.operator_id is not None:  # one of us is no customer
        for table in (ReportFact, ReportHelp):
            db.execute(delete(table).where(col(table.conversation_id) == talk.id))
        return
    counted = _counted(db, conversation_id, clock)
    _write_facts(db, talk, counted)
    _write_helps(db, talk, counted, clock)


def _counted(db: Session, conversation_id: str, clock: Clock) -> Counted:
    lines = _lines(db, conversation_id)
    calls = {
        row.id: Call(row.mode, row.state)
        for row in db.execute(_CALLS, {"of_talk": conversation_id})
    }
    stretches = [_stretch(h) for h in db.scalars(_HELPS, {"of_talk": conversation_id})]
    return count_talk(lines, stretches, calls, clock)


_LINES = (
    select(
        col(Message.seq),
        col(Message.at),
        col(Message.sender),
        col(Message.kind),
        col(Message.operator_id),
        col(Message.origin),
        col(Message.delivery_id),
    )
    .where(col(Message.conversation_id) == bindparam("of_talk"))
    .order_by(col(Message.seq))
)
_DEEDS = select(col(Message.seq), col(Message.content)).where(
    col(Message.conversation_id) == bindparam("of_talk"), col(Message.kind) == "activity"
)
_CALLS = select(col(Delivery.id), col(Delivery.mode), col(Delivery.state)).where(
    col(Delivery.conversation_id) == bindparam("of_talk")
)
_HELPS = (
    select(Handoff)
    .where(col(Handoff.conversation_id) == bindparam("of_talk"))
    .order_by(col(Handoff.asked_at), col(Handoff.id))
    .execution_options(populate_existing=True)
)


def _lines(db: Session, conversation_id: str) -> list[Line]:
    values = {"of_talk": conversation_id}
    deeds = {row.seq: row.content for row in db.execute(_DEEDS, values)}
    return [
        Line(
            at=row.at,
            sender=row.sender,
            kind=row.kind,
            operator_id=row.operator_id,
            flow_id=origin_flow(row.origin) if row.sender == "bot" else None,
            delivery_id=row.delivery_id,
            did=deeds.get(row.seq, {}).get("activity"),
            is_to=deeds.get(row.seq, {}).get("operator") is not None,
        )
        for row in db.execute(_LINES, values)
    ]


def _stretch(handoff: Handoff) -> Stretch:
    flow = handoff.reason.get("flow")
    return Stretch(
        id=handoff.id,
        kind=str(handoff.reason.get("kind")),
        asked_at=handoff.asked_at,
        is_asked_by_flow=handoff.run_id is not None,
        flow_id=flow if isinstance(flow, str) else "",
        queue=handoff.queue or "",
        taken_by=handoff.taken_by,
        resolved_at=handoff.resolved_at,
    )


def _write_facts(db: Session, talk: Conversation, counted: Counted) -> None:
    """Only what is other than it was: of a long talk, that is its last hour."""
    known = {tuple(row[:5]): tuple(row[5:]) for row in db.execute(_FACTS, {"of_talk": talk.id})}
    now = {
        place: tuple(counts.get(name, 0) for name in SUMS)
        for place, counts in counted.facts.items()
    }
    gone = [place for place, counts in known.items() if now.get(place) != counts]
    new = [place for place, counts in now.items() if known.get(place) != counts]
    if gone:
        db.execute(_DROP_FACT, [{"of_talk": talk.id, **_bound(place)} for place in gone])
    if new:
        of_talk = {"conversation_id": talk.id, "account_id": talk.account_id}
        rows = [
            {
                **of_talk,
                **dict(zip(PLACE, place, strict=True)),
                **dict(zip(SUMS, now[place], strict=True)),
            }
            for place in new
        ]
        db.execute(insert(ReportFact), rows)


def _bound(place: Place) -> dict[str, str]:
    return {f"of_{name}": part for name, part in zip(PLACE, place, strict=True)}


PLACE = ("day", "hour", "operator_id", "flow_id", "queue")
_FACTS = select(*(getattr(ReportFact, name) for name in (*PLACE, *SUMS))).where(
    col(ReportFact.conversation_id) == bindparam("of_talk")
)
_DROP_FACT = delete(ReportFact.__table__).where(  # type: ignore[attr-defined] # SQLModel adds it
    col(ReportFact.conversation_id) == bindparam("of_talk"),
    *(getattr(ReportFact, name) == bindparam(f"of_{name}") for name in PLACE),
)


def _write_helps(db: Session, talk: Conversation, counted: Counted, clock: Clock) -> None:
    known = {
        h.handoff_id: h
        for h in db.scalars(select(ReportHelp).where(col(ReportHelp.conversation_id) == talk.id))
    }
    for one in counted.helps:
        day, hour = clock.hour_of(one.stretch.asked_at)
        row = known.get(one.stretch.id) or ReportHelp(
            handoff_id=one.stretch.id, conversation_id=talk.id, account_id=talk.account_id,
            day=day, hour=hour,
        )  # fmt: skip
        row.day, row.hour, row.operator_id = day, hour, one.operator_id
        row.flow_id, row.queue = one.stretch.flow_id, one.stretch.queue
        row.reply_s, row.open_s, row.handle_s = one.reply_s, one.open_s, one.handle_s
        db.add(row)
