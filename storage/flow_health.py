"""How flows fare with people: how many walk through them, finish, drop out, ask for a person."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.models.flows import Run
from storage.models.talks import Conversation, Handoff
from storage.run_steps import CUT_OFF, DROPPED

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Health:
    """The runs of one flow. running: now; the others: begun since the moment that was asked."""

    running: int = 0
    finished: int = 0
    dropped: int = 0
    handed_off: int = 0


def health_of_flows(db: Session, scope: Scope, since: datetime) -> Mapping[str, Health]:
    """By flow id, over the talks that one may see; flows without a run are left out."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for flow_id, kind, number in _endings(db, scope, since):
        counts[flow_id][kind] += number
    for flow_id, number in db.execute(_handed_off(scope, since)):
        counts[flow_id]["handed_off"] += number
    return {flow_id: Health(**found) for flow_id, found in counts.items()}


def standing(db: Session, scope: Scope, flow_id: str) -> Mapping[str, int]:
    """How many stand at each step of a flow now; who is in a called flow stands at the call."""
    step = col(Run.state)["frames"][0]["state"].as_string().label("step")
    query = select(step).where(col(Run.flow_id) == flow_id, col(Run.ended_at).is_(None))
    inner = _seen(query, scope).subquery()
    grouped = select(inner.c.step, func.count()).group_by(inner.c.step)
    return {name: number for name, number in db.execute(grouped) if name}


def _endings(db: Session, scope: Scope, since: datetime) -> list[tuple[str, str, int]]:
    now = select(col(Run.flow_id), func.count()).where(col(Run.ended_at).is_(None))
    over = select(col(Run.flow_id), col(Run.end), func.count()).where(
        col(Run.ended_at).is_not(None), col(Run.started_at) >= since
    )
    running = db.execute(_seen(now, scope).group_by(col(Run.flow_id)))
    ended = db.execute(_seen(over, scope).group_by(col(Run.flow_id), col(Run.end)))
    return [
        *((flow_id, "running", number) for flow_id, number in running),
        *(
            (flow_id, "dropped" if end in DROPPED else "finished", number)
            for flow_id, end, number in ended
            if end not in CUT_OFF
        ),
    ]


def _handed_off(scope: Scope, since: datetime) -> Query:
    query = (
        select(col(Run.flow_id), func.count(func.distinct(col(Run.id))))
        .join(Handoff, col(Handoff.run_id) == col(Run.id))
        .where(col(Run.started_at) >= since)
    )
    return _seen(query, scope).group_by(col(Run.flow_id))


def _seen(query: Query, scope: Scope) -> Query:
    if scope.accounts is None:
        return query
    return query.join(Conversation, col(Conversation.id) == col(Run.conversation_id)).where(
        col(Conversation.account_id).in_(scope.accounts)
    )
