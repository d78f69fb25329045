"""The walks through flows: where each run stands, and everything that it did, turn by turn.

A run's state is the language's own JSON; nothing here looks inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, col

from storage import journal
from storage.models.flows import Run, RunEvent
from storage.models.talks import Conversation
from storage.objects import Query, add_now, find
from storage.prepared import Prepared
from storage.talks import changed


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as the language leaves it after a turn."""

    id: str
    flow_id: str
    hash: str
    status: str
    state: dict[str, Any]
    started_at: datetime
    step: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did to one run, whole enough to be done again."""

    run_id: str
    kind: str
    payload: dict[str, Any]
    hash: str
    state_before: dict[str, Any] | None
    state_after: dict[str, Any]
    effects: list[dict[str, Any]]
    context: dict[str, Any]


_LIVE = Query(
    Run,
    select(Run)
    .where(col(Run.conversation_id) == bindparam("conversation_id"), col(Run.ended_at).is_(None))
    .order_by(col(Run.started_at), col(Run.id)),
)
_PAST = Prepared(
    select(col(Run.flow_id), col(Run.end), func.max(col(Run.started_at)).label("started_at"))
    .where(col(Run.conversation_id) == bindparam("conversation_id"), col(Run.ended_at).is_not(None))
    .group_by(col(Run.flow_id), col(Run.end))
)
_LAST_TURN = select(func.coalesce(func.max(col(RunEvent.seq)), 0)).where(
    col(RunEvent.run_id) == bindparam("of_run")
)
_LOG = Prepared(
    insert(RunEvent).values(
        seq=_LAST_TURN.scalar_subquery() + 1,
        **{name: bindparam(name) for name in RunEvent.model_fields if name != "seq"},
    )
)


def live_runs(db: Session, conversation_id: str) -> Sequence[Run]:
    """The runs of a talk that are not over, oldest first."""
    return _LIVE.all(db, {"conversation_id": conversation_id})


@dataclass(frozen=True, slots=True)
class PastRuns:
    """What is to be known of the runs of one flow that ended in one way: when the last began."""

    flow_id: str
    end: str | None
    started_at: datetime


def past_runs(db: Session, conversation_id: str) -> list[PastRuns]:
    """The runs of a talk that are over, by flow and end: never more than flows have ends."""
    found = _PAST.all(db, {"conversation_id": conversation_id})
    return [PastRuns(flow_id, end, started_at) for flow_id, end, started_at in found]


def save_run(
    db: Session, conversation: Conversation, state: RunState, now: datetime, *, is_new: bool = False
) -> Run:
    """Write a run's new state, begin it when it is new, end it when it is over.

    is_new: it is known to be, so nobody has to look.
    """
    ended_at = now if state.status == "ended" else None
    run = None if is_new else find(db, Run, state.id)
    if run is None:
        run = add_now(
            db,
            Run,
            id=state.id,
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            flow_id=state.flow_id,
            hash=state.hash,
            step=state.step,
            status=state.status,
            end=state.end,
            state=state.state,
            started_at=state.started_at,
            ended_at=ended_at,
        )
    else:
        run.hash, run.step, run.status, run.end = state.hash, state.step, state.status, state.end
        run.state, run.ended_at, run.version = state.state, ended_at, run.version + 1
        db.add(run)
    changed(db, conversation, "run.changed", journal.BOT, now, run)
    return run


def last_effects(db: Session, run_id: str) -> list[dict[str, Any]]:
    """What a run decided in its latest turn, as the language's own JSON."""
    query = (
        select(col(RunEvent.effects))
        .where(col(RunEvent.run_id) == run_id)
        .order_by(col(RunEvent.seq).desc())
    )
    return db.scalars(query.limit(1)).first() or []


def log_turn(db: Session, turn: Turn, now: datetime) -> None:
    """Add one turn to a run's event log."""
    row = {
        "of_run": turn.run_id,
        "run_id": turn.run_id,
        "at": now,
        "kind": turn.kind,
        "payload": turn.payload,
        "hash": turn.hash,
        "state_before": turn.state_before,
        "state_after": turn.state_after,
        "effects": turn.effects,
        "context": turn.context,
    }
    _LOG.run(db, row)
