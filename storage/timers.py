"""Moments at which something becomes due: rows, so that nothing is forgotten while we are off.

Only the worker fires them, as inside arrivals, so that a timer stands in the customer's own queue
behind what came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session, col

from storage import failpoints, journal
from storage.arrivals import add_inside
from storage.bell import TIMERS
from storage.dialects import insert_into
from storage.models.talks import Conversation
from storage.models.work import Timer
from storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class RunTimer:
    """One timer of a run: its name within the run, its moment, and what the run needs back."""

    key: str
    due_at: datetime
    data: dict[str, Any]


def set_timer(
    db: Session, conversation_id: str, kind: str, key: str, due_at: datetime, data: dict[str, Any]
) -> None:
    """Set a timer, or move the one of that kind and key."""
    row = {
        "conversation_id": conversation_id,
        "kind": kind,
        "key": key,
        "due_at": due_at,
        "data": data,
    }
    statement = insert_into(db, Timer).values(**row)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "kind", "key"],
            set_={"due_at": due_at, "data": data},
        )
    )
    journal.ring_later(db, TIMERS)


def clear_timer(db: Session, conversation_id: str, kind: str) -> None:
    """Forget the timers of a kind."""
    _FORGET_KIND.run(db, {"of_talk": conversation_id, "of_kind": kind})


_FORGET_RUN = Prepared(delete(Timer).where(col(Timer.run_id) == bindparam("of_run")))
_FORGET_KIND = Prepared(
    delete(Timer).where(
        col(Timer.conversation_id) == bindparam("of_talk"), col(Timer.kind) == bindparam("of_kind")
    )
)


# Not objects of the session: a second turn in the same unit may set the run's timers anew, and the
# database gives their numbers again.
_SET = Prepared(
    insert(Timer).values(
        {name: bindparam(name) for name in Timer.model_fields if name != "id"},
    )
)


def set_run_timers(
    db: Session, conversation_id: str, run_id: str, timers: Sequence[RunTimer]
) -> None:
    """Make these the timers of a run, and no others."""
    _FORGET_RUN.run(db, {"of_run": run_id})
    rows = [
        {
            "conversation_id": conversation_id,
            "kind": "run",
            "key": f"{run_id}:{timer.key}",
            "run_id": run_id,
            "data": timer.data,
            "due_at": timer.due_at,
        }
        for timer in timers
    ]
    if rows:
        _SET.run_each(db, rows)
        journal.ring_later(db, TIMERS)


def fire_due(db: Session, now: datetime, limit: int = 100) -> int:
    """Turn what is due into inside arrivals, oldest first; how many there were."""
    due = db.scalars(
        select(Timer)
        .where(col(Timer.due_at) <= now, col(Timer.conversation_id).is_not(None))
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for timer in due:
        conversation = db.get_one(Conversation, timer.conversation_id)
        data = {**timer.data, "kind": timer.kind, "run_id": timer.run_id}
        add_inside(db, conversation, "timer", data, now)
        db.delete(timer)
        failpoints.reach("timer fired")
    return len(due)
