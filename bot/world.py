"""What a turn of the flows is given: the friend's runs and the world, as the memory has them."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from flows.language.run import Run, run_from_json
from flows.language.words import Context, Facts, PastRun
from storage import customers, runs, talks
from storage.beforehand import Beforehand
from storage.models.talks import Conversation
from storage.models.work import Arrival


def live(db: Session, conversation: Conversation) -> list[Run]:
    """The runs of a talk that are not over, oldest first."""
    return [run_from_json(row.state) for row in runs.live_runs(db, conversation.id)]


def context_of(
    db: Session,
    conversation: Conversation,
    now: datetime,
    turn_id: str,
    *,
    is_fresh_done: bool = False,
    look: Beforehand | None = None,
) -> Context:
    """The world of one turn. look: what was there before it."""
    facts = customers.customer_facts(db, conversation.customer_id, look)
    handoff = talks.open_handoff(db, conversation) if talks.is_with_people(conversation) else None
    past = runs.past_runs(db, conversation.id) if look is None or look.has_past else ()
    return Context(
        now=now,
        turn_id=turn_id,
        account=conversation.account_id,
        facts=Facts(facts.name, facts.tags, facts.fields),
        past=tuple(PastRun(run.flow_id, run.started_at, run.end or "") for run in past),
        people="free" if handoff is None else "taken" if handoff.taken_at else "asked",
        asking_run=handoff.run_id if handoff is not None else None,
        is_fresh_done=is_fresh_done,
    )


def seed_of(arrival: Arrival) -> int:
    """What lots are drawn with: nobody can guess it, and a turn that is done again has the same."""
    digest = hashlib.sha256(f"{arrival.account_id}:{arrival.event_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big")
