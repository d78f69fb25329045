"""The figures of a period, as a whole and by day, hour, operator, tag, flow, queue or account.

Counted over the facts that `report_keeping` keeps, so that a year of a busy shop is read in less
than a second. Every figure is one that `report_talks` can show the talks of.

talks: those with a message of the customer (by operator: those in which they wrote; by flow: those
in which it spoke). bot_only: talks with a message of the customer that no person answered, and for
which none was asked, in the same bucket; None where a bucket is only a part of its talks. Times of
a first reply count for the day on which somebody was asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal_column, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.models.people import CustomerTag, Tag
from storage.models.reports import ReportFact, ReportHelp
from storage.models.talks import Conversation
from storage.report_counting import SUMS

By = Literal["day", "hour", "operator", "tag", "flow", "queue", "account"]
BYS: tuple[By, ...] = get_args(By)
TIMES: Mapping[str, str] = {"reply": "reply_s", "opened": "open_s", "handled": "handle_s"}
OF_PARTS = frozenset({"operator", "flow", "queue"})  # a bucket is a part of its talks
LATE = 0.9
MOST_BUCKETS = 500

Facts = type[ReportFact] | type[ReportHelp]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the workspace's zone, both included. account: only of this one."""

    first: date
    last: date
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """count: of how many the length is known. mean_s, median_s, p90_s: None when of none."""

    count: int = 0
    mean_s: int | None = None
    median_s: int | None = None
    p90_s: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of a report. key: the day, the hour, an id or a name; empty: the whole.

    counts: by the names of SUMS. times: by the names of TIMES, those that are known.
    """

    key: str
    talks: int = 0
    bot_only: int | None = 0
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(SUMS, 0))
    times: Mapping[str, Times] = field(default_factory=dict)


def count_whole(db: Session, scope: Scope, period: Period) -> Figures:
    """One row for all of a period."""
    return _count(db, scope, period, None).get("", Figures(""))


def count_by(db: Session, scope: Scope, period: Period, by: By) -> list[Figures]:
    """One row for each bucket in which anything happened, in the order of their keys."""
    found = _count(db, scope, period, by)
    return [found[key] for key in sorted(found)]


def _count(db: Session, scope: Scope, period: Period, by: By | None) -> dict[str, Figures]:
    found = _sums(db, scope, period, by)
    for name in TIMES:
        for key, times in _times(db, scope, period, by, name).items():
            known = found.get(key, Figures(key))
            found[key] = replace(known, times={**known.times, name: times})
    return found


def _sums(db: Session, scope: Scope, period: Period, by: By | None) -> dict[str, Figures]:
    talks = talks_of(scope, period, by).subquery()
    number = func.sum(case((is_counted(talks, by), 1), else_=0))
    alone = func.sum(case((is_bots_alone(talks), 1), else_=0))
    query = select(talks.c.bucket, number, alone, *(func.sum(talks.c[name]) for name in SUMS))
    rows = db.execute(query.group_by(talks.c.bucket).order_by(talks.c.bucket).limit(MOST_BUCKETS))
    return {
        bucket: Figures(
            key=bucket,
            talks=int(talks_here),
            bot_only=None if by in OF_PARTS else int(bots),
            counts={name: int(count) for name, count in zip(SUMS, counts, strict=True)},
        )
        for bucket, talks_here, bots, *counts in rows
    }


def talks_of(scope: Scope, period: Period, by: By | None) -> Select[Any]:
    """What happened in each talk of each bucket: bucket, conversation_id, the sums, the newest."""
    newest = func.max(col(ReportFact.day) + literal_column("' '") + col(ReportFact.hour))
    query = select(
        bucket_of(ReportFact, by).label("bucket"),
        col(ReportFact.conversation_id),
        newest.label("newest"),
        *(func.sum(getattr(ReportFact, name)).label(name) for name in SUMS),
    )
    return narrow(query, ReportFact, scope, period, by).group_by(
        "bucket", col(ReportFact.conversation_id)
    )


def narrow(
    query: Select[Any], table: Facts, scope: Scope, period: Period, by: By | None
) -> Select[Any]:
    """Only what lies in the period, on this side of the wall, and in some bucket."""
    query = query.select_from(table).where(
        col(table.day) >= period.first.isoformat(), col(table.day) <= period.last.isoformat()
    )
    if scope.accounts is not None:
        query = query.where(col(table.account_id).in_(scope.accounts))
    if period.account is not None:
        query = query.where(col(table.account_id) == period.account)
    if by == "tag":
        return (
            query.join(Conversation, col(Conversation.id) == col(table.conversation_id))
            .join(CustomerTag, col(CustomerTag.customer_id) == col(Conversation.customer_id))
            .join(Tag, col(Tag.id) == col(CustomerTag.tag_id))
        )
    return query.where(bucket_of(table, by) != "") if by in OF_PARTS else query


def bucket_of(table: Facts, by: By | None) -> Any:
    """What rows are counted together by."""
    match by:
        case None:
            return literal_column("''")
        case "tag":
            return col(Tag.name)
        case "day" | "hour" | "queue":
            return col(getattr(table, by))
        case _:
            return col(getattr(table, f"{by}_id"))


def is_counted(talks: Subquery, by: By | None) -> ColumnElement[bool]:
    """Whether a talk is one of the `talks` of its bucket."""
    if by == "operator":
        return talks.c.staff > 0
    if by == "flow":
        return talks.c.bot > 0
    return talks.c.helped > 0 if by == "queue" else talks.c.received > 0


def is_bots_alone(talks: Subquery) -> ColumnElement[bool]:
    """Whether the customer wrote and no person answered or was asked for."""
    return and_(talks.c.received > 0, talks.c.staff == 0, talks.c.helped == 0)


def _times(db: Session, scope: Scope, period: Period, by: By | None, name: str) -> dict[str, Times]:
    """Mean, median and p90 of each bucket: the smallest that this share does not exceed."""
    column = getattr(ReportHelp, TIMES[name])
    bucket = bucket_of(ReportHelp, by)
    ranked = narrow(
        select(
            bucket.label("bucket"),
            column.label("s"),
            func.row_number().over(partition_by=bucket, order_by=column).label("rank"),
            func.count().over(partition_by=bucket).label("size"),
        ),
        ReportHelp, scope, period, by,
    ).where(column.is_not(None)).subquery()  # fmt: skip
    query = select(
        ranked.c.bucket,
        func.count(),
        func.avg(ranked.c.s),
        *(func.min(case((_is_past(ranked, share), ranked.c.s))) for share in (50, 90)),
    )
    rows = db.execute(query.group_by(ranked.c.bucket).limit(MOST_BUCKETS))
    return {
        str(key): Times(int(count), round(float(mean)), int(median), int(p90))
        for key, count, mean, median, p90 in rows
    }


def _is_past(ranked: Subquery, percent: int) -> ColumnElement[bool]:
    """In whole numbers, because 0.9 is not nine tenths to a computer."""
    return ranked.c.rank * 100 >= ranked.c.size * percent
