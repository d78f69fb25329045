"""Talks read from their rows and counted, and what differs from the figures that are kept.

Counting only reads; what is to be written is a plain value, so that the one writer of SQLite is
held for the writing alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, insert, null, select
from sqlmodel import Session, col

from storage.models.reports import ReportFact, ReportHelp
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery
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

PLACE = ("day", "hour", "operator_id", "flow_id", "queue")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """What has to change so that the figures of some talks are right.

    emptied: talks of which nothing is counted. old: facts and stretches that are not true any more.
    """

    emptied: Sequence[str] = ()
    old_facts: Sequence[Values] = ()
    new_facts: Sequence[Values] = ()
    old_helps: Sequence[str] = ()
    new_helps: Sequence[Values] = ()


def tally(db: Session, talk_ids: Sequence[str], clock: Clock) -> Tally:
    """Count these talks anew."""
    rows = db.execute(_TALKS, {"ids": talk_ids}).all()
    of_customers = {row.id: row.account_id for row in rows if row.operator_id is None}
    emptied = [row.id for row in rows if row.operator_id is not None]  # one of us is no customer
    ids = list(of_customers)
    lines, helps = _by_talk(db, _LINES, ids), _by_talk(db, _HELPS, ids)
    counted = {id_: _counted(lines.get(id_, ()), helps.get(id_, ()), clock) for id_ in ids}
    old_facts, new_facts = _differing_facts(db, of_customers, counted)
    old_helps, new_helps = _differing_helps(db, of_customers, counted, clock)
    return Tally(emptied, old_facts, new_facts, old_helps, new_helps)


def write_tally(db: Session, found: Tally) -> None:
    """Keep what was counted."""
    for table in (ReportFact, ReportHelp) if found.emptied else ():
        db.execute(delete(table).where(col(table.conversation_id).in_(found.emptied)))
    if found.old_facts:
        db.execute(_DROP_FACT, found.old_facts)
    if found.old_helps:
        db.execute(delete(ReportHelp).where(col(ReportHelp.handoff_id).in_(found.old_helps)))
    if found.new_facts:
        db.execute(insert(ReportFact), found.new_facts)
    if found.new_helps:
        db.execute(insert(ReportHelp), found.new_helps)


_TALKS = select(
    col(Conversation.id), col(Conversation.account_id), col(Conversation.operator_id)
).where(col(Conversation.id).in_(bindparam("ids", expanding=True)))
_LINES = (
    select(
        col(Message.conversation_id),
        col(Message.at),
        col(Message.sender),
        col(Message.kind),
        col(Message.operator_id),
        case((col(Message.sender) == "bot", col(Message.origin)), else_=null()).label("origin"),
        case((col(Message.kind) == "activity", col(Message.content)), else_=null()).label("deed"),
        col(Message.delivery_id),
        col(Delivery.mode),
        col(Delivery.state),
    )
    .outerjoin(Delivery, col(Delivery.id) == col(Message.delivery_id))
    .where(col(Message.conversation_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Message.conversation_id), col(Message.seq))
)
_HELPS = (
    select(
        col(Handoff.conversation_id),
        col(Handoff.id),
        col(Handoff.reason),
        col(Handoff.asked_at),
        col(Handoff.run_id),
        col(Handoff.queue),
        col(Handoff.taken_by),
        col(Handoff.resolved_at),
    )
    .where(col(Handoff.conversation_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Handoff.asked_at), col(Handoff.id))
)


def _by_talk(db: Session, query: Any, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in db.execute(query, {"ids": ids}) if ids else ():
        found[row.conversation_id].append(row)
    return found


def _counted(rows: Iterable[Row[Any]], helps: Iterable[Row[Any]], clock: Clock) -> Counted:
    said = [row for row in rows if row.state != "cancelled"]  # what never left was not said
    calls = {row.delivery_id: Call(row.mode, row.state) for row in said if row.state is not None}
    return count_talk([_line(row) for row in said], [_stretch(row) for row in helps], calls, clock)


def _line(row: Row[Any]) -> Line:
    deed = row.deed or {}
    return Line(
        at=row.at,
        sender=row.sender,
        kind=row.kind,
        operator_id=row.operator_id,
        flow_id=origin_flow(row.origin),
        delivery_id=row.delivery_id,
        did=deed.get("activity"),
        is_to=deed.get("operator") is not None,
    )


def _stretch(row: Row[Any]) -> Stretch:
    flow = row.reason.get("flow")
    return Stretch(
        id=row.id,
        kind=str(row.reason.get("kind")),
        asked_at=row.asked_at,
        is_asked_by_flow=row.run_id is not None,
        flow_id=flow if isinstance(flow, str) else "",
        queue=row.queue or "",
        taken_by=row.taken_by,
        resolved_at=row.resolved_at,
    )


_FACTS = select(
    col(ReportFact.conversation_id), *(getattr(ReportFact, name) for name in (*PLACE, *SUMS))
).where(col(ReportFact.conversation_id).in_(bindparam("ids", expanding=True)))
_DROP_FACT = delete(ReportFact.__table__).where(  # type: ignore[attr-defined] # SQLModel adds it
    col(ReportFact.conversation_id) == bindparam("of_talk"),
    *(getattr(ReportFact, name) == bindparam(f"of_{name}") for name in PLACE),
)


def _differing_facts(
    db: Session, accounts: Mapping[str, str], counted: Mapping[str, Counted]
) -> tuple[list[Values], list[Values]]:
    """Only what is other than it was: of a long talk, that is its last hour."""
    known: dict[tuple[str, Place], tuple[int, ...]] = {
        (row[0], tuple(row[1:6])): tuple(row[6:])
        for row in db.execute(_FACTS, {"ids": list(accounts)})
    }
    now: dict[tuple[str, Place], tuple[int, ...]] = {
        (talk, place): tuple(counts.get(name, 0) for name in SUMS)
        for talk, one in counted.items()
        for place, counts in one.facts.items()
    }
    gone = [key for key, counts in known.items() if now.get(key) != counts]
    new = [key for key, counts in now.items() if known.get(key) != counts]
    return (
        [{"of_talk": talk, **_named(place, "of_")} for talk, place in gone],
        [
            {
                "conversation_id": talk,
                "account_id": accounts[talk],
                **_named(place),
                **dict(zip(SUMS, now[talk, place], strict=True)),
            }
            for talk, place in new
        ],
    )


def _named(place: Place, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": part for name, part in zip(PLACE, place, strict=True)}


HELP = tuple(ReportHelp.model_fields)
_KNOWN_HELPS = select(*(getattr(ReportHelp, name) for name in HELP)).where(
    col(ReportHelp.conversation_id).in_(bindparam("ids", expanding=True))
)


def _differing_helps(
    db: Session, accounts: Mapping[str, str], counted: Mapping[str, Counted], clock: Clock
) -> tuple[list[str], list[Values]]:
    kept = db.execute(_KNOWN_HELPS, {"ids": list(accounts)})
    known = {row.handoff_id: dict(zip(HELP, row, strict=True)) for row in kept}
    now = {row["handoff_id"]: row for row in _help_rows(accounts, counted, clock)}
    new = [row for id_, row in now.items() if known.get(id_) != row]
    return [row["handoff_id"] for row in new if row["handoff_id"] in known], new


def _help_rows(
    accounts: Mapping[str, str], counted: Mapping[str, Counted], clock: Clock
) -> Iterable[Values]:
    for talk, one in counted.items():
        for helped in one.helps:
            day, hour = clock.hour_of(helped.stretch.asked_at)
            yield {
                "handoff_id": helped.stretch.id,
                "conversation_id": talk,
                "account_id": accounts[talk],
                "day": day,
                "hour": hour,
                "operator_id": helped.operator_id,
                "flow_id": helped.stretch.flow_id,
                "queue": helped.stretch.queue,
                "reply_s": helped.reply_s,
                "open_s": helped.open_s,
                "handle_s": helped.handle_s,
            }
