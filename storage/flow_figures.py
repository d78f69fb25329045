"""One flow's health in figures that add up: its runs, and each step at which they waited.

Runs begun since a moment are counted, each by how it stands now: `running`, `finished`, `dropped`
(timed out, or cancelled by the friend) or `cut_off` (by another flow, a restart, a publish, a
failure); these four are all that were begun. At a step each run counts once, by what came of it
the last time it was there: it went on, left, was cut off, or waits there still (`here`); these four
are all that reached it. A run leaves at the step where it waited last before it dropped, so the
runs that dropped are the sum of those that left, over the steps (but for runs that never waited).
A run that went over to another version counts as a whole in the one that it is in.

Runs of other flows that call this one are counted at its steps too, and told apart as `called`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.dialects import seconds_between
from storage.models.flows import Run, RunStep
from storage.models.talks import Conversation, Handoff
from storage.run_steps import CUT_OFF, DROPPED

Query = Select[*tuple[Any, ...]]
LATE = 0.9  # the share of runs that needed no longer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs. hash: of one version (None: of all); since: when they began, at the earliest."""

    flow_id: str
    since: datetime
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class RunFigures:
    """median_s, p90_s: how long those that finished took; None when none has."""

    running: int = 0
    finished: int = 0
    dropped: int = 0
    cut_off: int = 0
    handed_off: int = 0
    called: int = 0
    median_s: int | None = None
    p90_s: int | None = None

    @property
    def begun(self) -> int:
        """All of them."""
        return self.running + self.finished + self.dropped + self.cut_off


@dataclass(frozen=True, slots=True)
class StepFigures:
    """Runs at one step. wrong: how many wrong answers; all the rest are numbers of runs."""

    step: str
    here: int
    on: int
    left: int
    cut_off: int
    answered: int
    retried: int
    wrong: int
    gave_up: int
    timed_out: int
    unanswered: int

    @property
    def reached(self) -> int:
        """All that came to it."""
        return self.here + self.on + self.left + self.cut_off


def count_runs(db: Session, scope: Scope, wanted: Wanted) -> RunFigures:
    """How the runs of a flow stand, over the talks that one may see."""
    kind = kind_of_run()
    grouped = db.execute(runs_of(select(kind, func.count()), scope, wanted).group_by(kind))
    counts = {name: int(number) for name, number in grouped}
    finished = counts.get("finished", 0)
    return RunFigures(
        **counts,
        handed_off=_count(db, runs_of(select(func.count()), scope, wanted).where(asked_person())),
        called=_count(db, _called(scope, wanted)),
        median_s=_duration(db, scope, wanted, _rank(finished, 0.5)),
        p90_s=_duration(db, scope, wanted, _rank(finished, LATE)),
    )


def count_steps(db: Session, scope: Scope, wanted: Wanted) -> Sequence[StepFigures]:
    """How runs fared at each step that any has reached, by the step's name."""
    columns = [
        *(_sum(col(RunStep.fate) == fate) for fate in ("here", "on", "left", "cut")),
        _sum(col(RunStep.answered)),
        _sum(col(RunStep.wrong) > 0),
        func.sum(col(RunStep.wrong)),
        *(_sum(getattr(RunStep, flag)) for flag in ("gave_up", "timed_out", "unanswered")),
    ]
    query = steps_of(select(col(RunStep.step), *columns), scope, wanted)
    rows = db.execute(query.group_by(col(RunStep.step)).order_by(col(RunStep.step)))
    return [StepFigures(step, *map(int, numbers)) for step, *numbers in rows]


def runs_of(query: Query, scope: Scope, wanted: Wanted) -> Query:
    """Narrow a query of runs to those that are wanted and may be seen."""
    query = query.where(
        col(Run.flow_id) == wanted.flow_id, col(Run.started_at) >= wanted.since
    ).select_from(Run)
    if wanted.hash is not None:
        query = query.where(col(Run.hash) == wanted.hash)
    if scope.accounts is None:
        return query
    return query.join(Conversation, col(Conversation.id) == col(Run.conversation_id)).where(
        col(Conversation.account_id).in_(scope.accounts)
    )


def steps_of(query: Query, scope: Scope, wanted: Wanted) -> Query:
    """The same for a query of steps of runs."""
    query = query.where(
        col(RunStep.flow_id) == wanted.flow_id, col(RunStep.started_at) >= wanted.since
    )
    if wanted.hash is not None:
        query = query.where(col(RunStep.hash) == wanted.hash)
    if scope.accounts is not None:
        query = query.where(col(RunStep.account_id).in_(scope.accounts))
    return query


def kind_of_run() -> ColumnElement[str]:
    """running, finished, dropped or cut_off."""
    return case(
        (col(Run.ended_at).is_(None), "running"),
        (col(Run.end).in_(sorted(DROPPED)), "dropped"),
        (col(Run.end).in_(sorted(CUT_OFF)), "cut_off"),
        else_="finished",
    )


def asked_person() -> ColumnElement[bool]:
    """Whether a run asked for a person."""
    return select(col(Handoff.id)).where(col(Handoff.run_id) == col(Run.id)).exists()


def _called(scope: Scope, wanted: Wanted) -> Query:
    count = select(func.count(func.distinct(col(RunStep.run_id))))
    return steps_of(count, scope, wanted).where(col(RunStep.is_called))


def _sum(condition: ColumnElement[bool] | Mapped[bool]) -> ColumnElement[int]:
    return func.sum(cast(condition, Integer))


def _count(db: Session, query: Query) -> int:
    return int(db.scalar(query) or 0)


def _rank(count: int, share: float) -> int | None:
    """Which of so many, from 0, in order: the smallest that this share does not exceed."""
    return max(0, -int(-count * share // 1) - 1) if count else None


def _duration(db: Session, scope: Scope, wanted: Wanted, rank: int | None) -> int | None:
    if rank is None:
        return None
    length = seconds_between(db, col(Run.started_at), col(Run.ended_at))
    query = runs_of(select(length), scope, wanted).where(kind_of_run() == "finished")
    seconds: float = db.scalars(query.order_by(length).offset(rank).limit(1)).one()
    return round(seconds)
