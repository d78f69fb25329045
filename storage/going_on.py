"""Where the bot goes on when a talk is given back: the question that stands open, or its flow."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.lookups import version_of
from storage.models.flows import Run
from storage.models.talks import Conversation, Handoff, Message
from storage.runs import live_runs

LOOKED_AT = 100  # lines of the bot, from the newest: a question stands open near the end


def place_of_return(
    db: Session, conversation: Conversation, handoff: Handoff | None
) -> dict[str, Any]:
    """`question`: what the customer was asked last. `flow`: the title of what goes on behind a
    handoff, or without a question. Neither: the bot begins anew with the next message."""
    if handoff is not None and handoff.open_question is not None:
        return {"question": handoff.open_question}
    runs = live_runs(db, conversation.id)
    if not runs:
        return {}
    is_behind = handoff is not None and handoff.reason.get("kind") == "step"
    question = None if is_behind else _asked(db, conversation, runs[-1])
    title, _ = version_of(db, runs[-1].hash)
    return {"flow": title} if question is None else {"question": question}


def _asked(db: Session, conversation: Conversation, run: Run) -> str | None:
    """The first that the bot said at the run's step."""
    query = select(Message).where(
        col(Message.conversation_id) == conversation.id, col(Message.sender) == "bot"
    )
    lines = db.scalars(query.order_by(col(Message.seq).desc()).limit(LOOKED_AT)).all()
    place = (run.id, run.step)
    found = [
        m for m in lines if m.origin and (m.origin.get("run_id"), m.origin.get("step")) == place
    ]
    return found[-1].text if found else None
