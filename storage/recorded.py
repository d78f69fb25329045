"""What runs did, read again: for doing the talks of the past once more. Nothing is written here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.flows import Run, RunEvent
from storage.models.talks import Conversation
from storage.refusals import NotFound


@dataclass(frozen=True, slots=True)
class PastTalk:
    """The runs among the last ones that were in one talk."""

    conversation_id: str
    runs: dict[str, str]  # run id → flow id


def last_talks(
    db: Session, count: int, flow_ids: Collection[str], accounts: Collection[str] | None = None
) -> list[PastTalk]:
    """The last `count` runs of these flows, by the talks that they were in.

    accounts: those whose talks may be read; None: all.
    """
    query = (
        select(col(Run.id), col(Run.flow_id), col(Run.conversation_id))
        .where(col(Run.flow_id).in_(sorted(flow_ids)))
        .order_by(col(Run.started_at).desc(), col(Run.id).desc())
        .limit(count)
    )
    if accounts is not None:
        query = query.join(Conversation, col(Conversation.id) == col(Run.conversation_id)).where(
            col(Conversation.account_id).in_(sorted(accounts))
        )
    talks: dict[str, PastTalk] = {}
    for run_id, flow_id, conversation_id in db.execute(query):
        talks.setdefault(conversation_id, PastTalk(conversation_id, {})).runs[run_id] = flow_id
    return list(talks.values())


def log_of_talk(db: Session, conversation_id: str) -> list[dict[str, Any]]:
    """Every turn of every run of a talk, as it was written down. Raises NotFound."""
    if db.get(Conversation, conversation_id) is None:
        raise NotFound(f"there is no conversation {conversation_id!r}")
    query = (
        select(RunEvent)
        .join(Run, col(Run.id) == col(RunEvent.run_id))
        .where(col(Run.conversation_id) == conversation_id)
        .order_by(col(RunEvent.at), col(RunEvent.run_id), col(RunEvent.seq))
    )
    return [event.model_dump() for event in db.scalars(query)]
