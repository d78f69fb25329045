"""The talks behind a figure of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Subquery, and_, or_, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.lookups import by_id, people_of
from storage.models.reports import ReportFact, ReportHelp
from storage.models.talks import Conversation
from storage.report_counting import SUMS
from storage.report_figures import (
    TIMES,
    By,
    Period,
    bucket_of,
    is_bots_alone,
    is_counted,
    narrow,
    talks_of,
)

Figure = Literal[
    "talks", "received", "bot", "staff", "free", "push", "helped", "handed", "reopened",
    "resolved", "bot_only", "reply", "opened", "handled",
]  # fmt: skip
FIGURES: tuple[Figure, ...] = get_args(Figure)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Behind:
    """One talk behind a figure. count: how much of it is this talk's, or how many seconds.

    when: the last day and hour of it, as the workspace's clock shows them.
    """

    conversation_id: str
    account_id: str
    customer_name: str
    status: str
    when: str
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one bucket; by None: of the whole."""

    figure: Figure
    by: By | None = None
    key: str = ""


def behind(
    db: Session, scope: Scope, period: Period, cell: Cell, after: str | None
) -> tuple[list[Behind], str | None]:
    """One page and the next cursor: the newest first; of lengths, the longest first."""
    if cell.figure in TIMES:
        return _stretches(db, scope, period, cell, after)
    query = talks_of(scope, period, cell.by)
    if cell.figure in SUMS:  # the newest hour of the figure itself
        query = query.where(getattr(ReportFact, cell.figure) > 0)
    talks = query.subquery()
    size = _size(talks, cell)
    found_in = select(talks.c.conversation_id, talks.c.newest, size).where(
        talks.c.bucket == cell.key, _is_behind(talks, cell)
    )
    if after is not None:
        when, last = read_cursor(after, [str, str])
        found_in = found_in.where(_is_after(talks.c.newest, talks.c.conversation_id, when, last))
    found_in = found_in.order_by(talks.c.newest.desc(), talks.c.conversation_id.desc())
    found = [tuple(row) for row in db.execute(found_in.limit(PAGE + 1))]
    shown = [(talk, when, int(count)) for talk, when, count in found[:PAGE]]
    following = [found[PAGE - 1][1], found[PAGE - 1][0]] if len(found) > PAGE else None
    return _shown(db, shown), write_cursor(following) if following else None


def _stretches(
    db: Session, scope: Scope, period: Period, cell: Cell, after: str | None
) -> tuple[list[Behind], str | None]:
    """A talk stands here as often as it was helped."""
    length = getattr(ReportHelp, TIMES[cell.figure])
    query = narrow(select(ReportHelp, length), ReportHelp, scope, period, cell.by).where(
        bucket_of(ReportHelp, cell.by) == cell.key, length.is_not(None)
    )
    if after is not None:
        seconds, last = read_cursor(after, [int, str])
        query = query.where(_is_after(length, col(ReportHelp.handoff_id), seconds, last))
    query = query.order_by(length.desc(), col(ReportHelp.handoff_id).desc())
    found = [(row, int(seconds)) for row, seconds in db.execute(query.limit(PAGE + 1))]
    page = found[:PAGE]
    shown = [(row.conversation_id, f"{row.day} {row.hour}", seconds) for row, seconds in page]
    following = [page[-1][1], page[-1][0].handoff_id] if len(found) > PAGE else None
    return _shown(db, shown), write_cursor(following) if following else None


def _is_after(order: ColumnElement[Any], id_: Any, value: Any, last: str) -> ColumnElement[bool]:
    return or_(order < value, and_(order == value, id_ < last))


def _is_behind(talks: Subquery, cell: Cell) -> ColumnElement[bool]:
    match cell.figure:
        case "talks":
            return is_counted(talks, cell.by)
        case "bot_only":
            return is_bots_alone(talks)
        case _:
            return talks.c[cell.figure] > 0


def _size(talks: Subquery, cell: Cell) -> ColumnElement[int]:
    name = "received" if cell.figure in {"talks", "bot_only"} else cell.figure
    return talks.c[name]


def _shown(db: Session, found: Sequence[tuple[str, str, int]]) -> list[Behind]:
    talks = by_id(db, Conversation, [talk_id for talk_id, _, _ in found])
    people = people_of(db, [talk.friend_id for talk in talks.values()]) if talks else {}
    return [
        Behind(
            conversation_id=talk_id,
            account_id=talks[talk_id].account_id,
            customer_name=people[talks[talk_id].friend_id][0],
            status=talks[talk_id].status,
            when=when,
            count=count,
        )
        for talk_id, when, count in found
    ]
