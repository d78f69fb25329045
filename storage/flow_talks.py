"""The talks behind a figure of a flow's health: who they are, and what they said last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.flow_figures import Wanted, asked_person, kind_of_run, runs_of, steps_of
from storage.lookups import by_id, people_of, version_of
from storage.models.flows import Run, RunStep
from storage.models.talks import Conversation, Message
from storage.prepared import Prepared

RunFigure = Literal["begun", "running", "finished", "dropped", "cut_off", "handed_off", "called"]
StepFigure = Literal[
    "reached", "here", "on", "left", "cut_off", "answered", "retried", "gave_up", "timed_out",
    "unanswered",
]  # fmt: skip
RUN_FIGURES: tuple[RunFigure, ...] = get_args(RunFigure)
OF_FAILED = frozenset({"retried", "gave_up", "unanswered"})
PAGE = 50
STEP_FIGURES: tuple[StepFigure, ...] = get_args(StepFigure)


@dataclass(frozen=True, slots=True)
class Behind:
    """One run behind a figure, and its talk.

    step: where it waited last (at the step that was asked for: that one). at: when it was last
    heard of there. why: how its flow came to its end, if it has: the end's name, or what the friend
    did or let pass where it dropped out. wrong: wrong answers. words: what the friend said last
    until then; of a figure about failed answers, the last of those.
    """

    run_id: str
    conversation_id: str
    customer_name: str
    flow_id: str
    title: str
    version: int
    step: str | None
    started_at: datetime
    at: datetime
    why: str | None
    wrong: int
    words: str | None


def behind_step(
    db: Session, scope: Scope, wanted: Wanted, step: str, figure: StepFigure, after: str | None
) -> tuple[list[Behind], str | None]:
    """One page of the runs behind a figure of a step, the newest first, and the next cursor."""
    query = steps_of(select(RunStep), scope, wanted).where(col(RunStep.step) == step)
    condition = _of_step(figure)
    if condition is not None:
        query = query.where(condition)
    steps, following = _page(db, query, RunStep, after)
    runs = by_id(db, Run, [one.run_id for one in steps])
    pairs = [(runs[one.run_id], one) for one in steps]
    return _shown(db, pairs, is_failed=figure in OF_FAILED), following


def behind_runs(
    db: Session, scope: Scope, wanted: Wanted, figure: RunFigure, after: str | None
) -> tuple[list[Behind], str | None]:
    """The same for a figure of the whole flow."""
    if figure == "called":
        called = col(RunStep.is_called)
        ids = steps_of(select(col(RunStep.run_id)), scope, wanted).where(called)
        query = select(Run).where(col(Run.id).in_(ids))
    else:
        query = runs_of(select(Run), scope, wanted)
    if figure == "handed_off":
        query = query.where(asked_person())
    elif figure not in {"begun", "called"}:
        query = query.where(kind_of_run() == figure)
    runs, following = _page(db, query, Run, after)
    last = _last_steps(db, [run.id for run in runs])
    return _shown(db, [(run, last.get(run.id)) for run in runs]), following


def _of_step(figure: StepFigure) -> ColumnElement[bool] | None:
    match figure:
        case "reached":
            return None
        case "here" | "on" | "left":
            return col(RunStep.fate) == figure
        case "cut_off":
            return col(RunStep.fate) == "cut"
        case "retried":
            return col(RunStep.wrong) > 0
        case _:
            column: ColumnElement[bool] = getattr(RunStep, figure)
            return column


def _page(
    db: Session, query: Any, table: type[Run] | type[RunStep], after: str | None
) -> tuple[Sequence[Any], str | None]:
    """One page of rows of a table, by when their runs began, and the next cursor."""
    begun = col(table.started_at)
    id_ = col(RunStep.run_id) if table is RunStep else col(Run.id)
    if after is not None:
        at, last = read_cursor(after, [datetime, str])
        query = query.where(or_(begun < at, and_(begun == at, id_ < last)))
    found = db.scalars(query.order_by(begun.desc(), id_.desc()).limit(PAGE + 1)).all()
    page = found[:PAGE]
    if len(found) == len(page):
        return page, None
    last = page[-1]
    return page, write_cursor([last.started_at, last.run_id if table is RunStep else last.id])


def _shown(
    db: Session, pairs: Sequence[tuple[Run, RunStep | None]], *, is_failed: bool = False
) -> list[Behind]:
    talks = by_id(db, Conversation, [run.conversation_id for run, _ in pairs])
    people = people_of(db, [talk.friend_id for talk in talks.values()]) if talks else {}
    shown = []
    for run, step in pairs:
        title, version = version_of(db, run.hash)
        behind = Behind(
            run_id=run.id,
            conversation_id=run.conversation_id,
            customer_name=people[talks[run.conversation_id].friend_id][0],
            flow_id=run.flow_id,
            title=title,
            version=version,
            step=step.step if step is not None else None,
            started_at=run.started_at,
            at=step.at if step is not None else run.ended_at or run.started_at,
            why=_why(run, step),
            wrong=step.wrong if step is not None else 0,
            words=_words(db, step, is_failed=is_failed) if step is not None else None,
        )
        shown.append(behind)
    return shown


def _why(run: Run, step: RunStep | None) -> str | None:
    """A flow may give its own end any name; who cancelled it did so all the same."""
    if step is not None and step.fate == "left":
        return "cancelled" if step.cancelled else "timed_out" if step.timed_out else step.end
    return run.end if step is None or not step.is_called else step.end


def _last_steps(db: Session, run_ids: Sequence[str]) -> Mapping[str, RunStep]:
    """Where each of these runs waited last; in a called flow, if it was in one."""
    query = select(RunStep).where(col(RunStep.run_id).in_(run_ids))
    steps = db.scalars(query.order_by(col(RunStep.at), col(RunStep.is_called))).all()
    return {step.run_id: step for step in sorted(steps, key=lambda s: s.fate in {"here", "left"})}


def _words(db: Session, step: RunStep, *, is_failed: bool) -> str | None:
    until = step.failed_seq if is_failed else step.seq
    row = _LAST_WORDS.first(db, {"of_talk": step.conversation_id, "until": until})
    return row[0] if row is not None else None


_LAST_WORDS = Prepared(
    select(col(Message.text))
    .where(
        col(Message.conversation_id) == bindparam("of_talk"),
        col(Message.sender) == "customer",
        col(Message.text).is_not(None),
        col(Message.seq) <= bindparam("until"),
    )
    .order_by(col(Message.seq).desc())
    .limit(1)
)
