"""How questions with choices or numbers were answered, and which says how content people are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.lookups import by_id, people_of
from storage.models.reports import RunAnswer, SatisfactionQuestion
from storage.models.talks import Conversation

THE_ROW = 1
PAGE = 50
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` (included) to `until` (excluded), cut at `cuts` for the trend.

    cuts: when the second part begins, the third, and so on. account: only of this one.
    """

    since: datetime
    until: datetime
    cuts: Sequence[datetime] = ()
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the trend. rated: how many answers were numbers; average: of those."""

    answers: int
    rated: int
    average: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """One question. counts: by value, an empty one is none of the choices. hash: newest version.

    answers: how many runs answered it; of a question with many choices, its counts are more.
    """

    flow_id: str
    step: str
    hash: str
    answers: int
    average: float | None
    counts: Mapping[str, int]
    trend: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Behind:
    """One answer, and its talk."""

    run_id: str
    conversation_id: str
    account_id: str
    customer_name: str
    value: str
    at: datetime


Question = tuple[str, str]  # flow and step


def chosen_question(db: Session) -> Question | None:
    """The question that managers have chosen."""
    row = db.get(SatisfactionQuestion, THE_ROW)
    return (row.flow_id, row.step) if row is not None else None


def choose_question(db: Session, question: Question | None, by: str, now: datetime) -> None:
    """From now on this one, or none."""
    row = db.get(SatisfactionQuestion, THE_ROW, with_for_update=True)
    if question is None:
        if row is not None:
            db.delete(row)
        return
    row = row or SatisfactionQuestion(id=THE_ROW, flow_id="", step="", at=now)
    row.flow_id, row.step = question
    row.chosen_by, row.at = by, now
    db.add(row)


def count_answers(
    db: Session, scope: Scope, stretch: Stretch, only: Question | None = None
) -> list[Answers]:
    """How each question was answered, the most answered first."""
    counts = _counts(db, scope, stretch, only)
    trends = _trends(db, scope, stretch, only)
    found = [
        Answers(
            flow_id=question[0],
            step=question[1],
            hash=_newest_hash(db, question),
            answers=sum(part.answers for part in trends[question]),
            average=_average_of(trends[question]),
            counts=counts[question],
            trend=trends[question],
        )
        for question in counts
    ]
    return sorted(found, key=lambda one: (-one.answers, one.flow_id, one.step))


def behind_answers(
    db: Session,
    scope: Scope,
    stretch: Stretch,
    question: Question,
    value: str | None,
    after: str | None,
) -> tuple[list[Behind], str | None]:
    """One page of the talks with an answer, the newest first, and the next cursor."""
    query = _narrow(select(RunAnswer), scope, stretch, question)
    if value is not None:
        query = query.where(col(RunAnswer.value) == value)
    at, run, said = col(RunAnswer.at), col(RunAnswer.run_id), col(RunAnswer.value)
    if after is not None:
        when, last, last_value = read_cursor(after, [datetime, str, str])
        same = and_(at == when, or_(run < last, and_(run == last, said < last_value)))
        query = query.where(or_(at < when, same))
    query = query.order_by(at.desc(), run.desc(), said.desc())
    found = db.scalars(query.limit(PAGE + 1)).all()
    page = found[:PAGE]
    last_one = page[-1] if len(found) > PAGE else None
    cursor = [last_one.at, last_one.run_id, last_one.value] if last_one is not None else None
    return _shown(db, page), write_cursor(cursor) if cursor is not None else None


def _counts(
    db: Session, scope: Scope, stretch: Stretch, only: Question | None
) -> dict[Question, dict[str, int]]:
    columns = (col(RunAnswer.flow_id), col(RunAnswer.step), col(RunAnswer.value))
    query = _narrow(select(*columns, func.count()), scope, stretch, only)
    found: dict[Question, dict[str, int]] = defaultdict(dict)
    for flow, step, value, number in db.execute(query.group_by(*columns).limit(MOST_ROWS)):
        found[(flow, step)][value] = number
    return found


def _trends(
    db: Session, scope: Scope, stretch: Stretch, only: Question | None
) -> dict[Question, list[Part]]:
    part = _part(stretch).label("part")
    query = select(
        col(RunAnswer.flow_id),
        col(RunAnswer.step),
        part,
        func.count(func.distinct(col(RunAnswer.run_id))),
        func.count(col(RunAnswer.number)),
        func.avg(col(RunAnswer.number)),
    )
    query = _narrow(query, scope, stretch, only)
    query = query.group_by(col(RunAnswer.flow_id), col(RunAnswer.step), "part")
    empty = Part(0, 0, None)
    found: dict[Question, list[Part]] = defaultdict(lambda: [empty] * (len(stretch.cuts) + 1))
    for flow, step, number, answers, rated, average in db.execute(query):
        mean = float(average) if average is not None else None
        found[(flow, step)][number] = Part(answers, rated, mean)
    return found


def _part(stretch: Stretch) -> ColumnElement[int]:
    """Which part of the trend a moment lies in: days are not all of one length everywhere."""
    if not stretch.cuts:
        return literal_column("0")
    passed = [(col(RunAnswer.at) < cut, number) for number, cut in enumerate(stretch.cuts)]
    return case(*passed, else_=len(stretch.cuts))


def _average_of(trend: Sequence[Part]) -> float | None:
    known = [(part.rated, part.average) for part in trend if part.average is not None]
    total = sum(rated for rated, _ in known)
    return sum(rated * average for rated, average in known) / total if total else None


def _newest_hash(db: Session, question: Question) -> str:
    query = select(col(RunAnswer.hash)).where(
        col(RunAnswer.flow_id) == question[0], col(RunAnswer.step) == question[1]
    )
    return db.scalars(query.order_by(col(RunAnswer.at).desc()).limit(1)).one()


def _narrow(query: Any, scope: Scope, stretch: Stretch, only: Question | None) -> Any:
    of_us = select(col(Conversation.id)).where(col(Conversation.operator_id).is_not(None))
    query = query.where(
        col(RunAnswer.at) >= stretch.since,
        col(RunAnswer.at) < stretch.until,
        col(RunAnswer.conversation_id).not_in(of_us),
    )
    if scope.accounts is not None:
        query = query.where(col(RunAnswer.account_id).in_(scope.accounts))
    if stretch.account is not None:
        query = query.where(col(RunAnswer.account_id) == stretch.account)
    if only is not None:
        query = query.where(col(RunAnswer.flow_id) == only[0], col(RunAnswer.step) == only[1])
    return query


def _shown(db: Session, found: Sequence[RunAnswer]) -> list[Behind]:
    talks = by_id(db, Conversation, [one.conversation_id for one in found])
    people = people_of(db, [talk.friend_id for talk in talks.values()]) if talks else {}
    return [
        Behind(
            run_id=one.run_id,
            conversation_id=one.conversation_id,
            account_id=one.account_id,
            customer_name=people[talks[one.conversation_id].friend_id][0],
            value=one.value,
            at=one.at,
        )
        for one in found
    ]
