"""How runs fare at the steps where they wait, written in the turn in which it happens.

One row for each run and step, so that a run that comes back to a question is counted once there,
and the figures of a step add up: who reached it went on, left, was cut off, or waits there. Who
goes over to another version is counted in that one as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.dialects import is_sqlite
from storage.models.flows import RunEvent, RunStep
from storage.models.talks import Conversation
from storage.prepared import Prepared

DROPPED = frozenset({"timed_out", "cancelled"})
CUT_OFF = frozenset(
    {"interrupted", "restarted", "stopped", "kept_back", "error"}
)  # neither one nor the other
FAILED = frozenset({"wrong", "gave_up", "unanswered"})  # an answer was not understood
FLAGS = ("answered", "gave_up", "timed_out", "cancelled", "unanswered")


@dataclass(frozen=True, slots=True)
class Stay:
    """What one turn did to a run at one step. fate: here, on, or over, as `end` says.

    started_at: of the run. met: which of FLAGS and FAILED happened. is_moved: its flow is in
    another version than before.
    """

    run_id: str
    flow_id: str
    hash: str
    step: str
    started_at: datetime
    is_called: bool
    fate: str
    end: str | None
    wrong: int
    met: frozenset[str]
    is_moved: bool = False


def has_moved_on(
    db: Session, run_ids: Sequence[str], since: datetime, *, by: Sequence[str]
) -> bool:
    """Whether one of these runs has left a step since a moment, or was moved by such events: what
    it then came to may be the same step again.
    """
    left = select(col(RunStep.run_id)).where(
        col(RunStep.run_id).in_(run_ids), col(RunStep.fate) != "here", col(RunStep.at) > since
    )
    moved = select(col(RunEvent.run_id)).where(
        col(RunEvent.run_id).in_(run_ids), col(RunEvent.kind).in_(by), col(RunEvent.at) > since
    )
    return bool(run_ids) and any(db.scalar(each.limit(1)) is not None for each in (left, moved))


def note(db: Session, conversation: Conversation, stays: Sequence[Stay], now: datetime) -> None:
    """Add what a turn did to what is known of its runs."""
    keep = _keep("sqlite" if is_sqlite(db) else "postgresql")
    for stay in stays:
        keep.run(db, _row(conversation, stay, now))
        if stay.is_moved:
            _MOVE.run(db, {"of_run": stay.run_id, "of_flow": stay.flow_id, "to": stay.hash})


def fate_of(stay: Stay) -> str:
    """A flow that is over was finished, left by the friend, or ended for another reason."""
    if stay.fate != "over":
        return stay.fate
    return "left" if stay.end in DROPPED else "cut" if stay.end in CUT_OFF else "on"


def _row(conversation: Conversation, stay: Stay, now: datetime) -> Mapping[str, Any]:
    return {
        "run_id": stay.run_id,
        "flow_id": stay.flow_id,
        "step": stay.step,
        "hash": stay.hash,
        "account_id": conversation.account_id,
        "conversation_id": conversation.id,
        "started_at": stay.started_at,
        "at": now,
        "seq": conversation.last_seq,
        "failed_seq": conversation.last_seq if stay.met & FAILED else None,
        "is_called": stay.is_called,
        "fate": fate_of(stay),
        "end": stay.end,
        "wrong": stay.wrong,
        **{flag: flag in stay.met for flag in FLAGS},
    }


_MOVE = Prepared(
    update(RunStep)
    .where(col(RunStep.run_id) == bindparam("of_run"), col(RunStep.flow_id) == bindparam("of_flow"))
    .values(hash=bindparam("to"))
)


@cache
def _keep(dialect: str) -> Prepared:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(RunStep).values({name: bindparam(name) for name in RunStep.model_fields})
    newest = {name: statement.excluded[name] for name in ("hash", "at", "seq", "fate", "end")}
    failed = func.coalesce(statement.excluded.failed_seq, col(RunStep.failed_seq))
    summed = {"wrong": col(RunStep.wrong) + statement.excluded.wrong, "failed_seq": failed}
    once = {flag: or_(getattr(RunStep, flag), statement.excluded[flag]) for flag in FLAGS}
    key = ["run_id", "flow_id", "step"]
    changes = newest | summed | once
    return Prepared(statement.on_conflict_do_update(index_elements=key, set_=changes))
