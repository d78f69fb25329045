"""Everybody who is in the middle of a flow, whatever the talk; and the word that it has changed.

What a new version means to a run is the language's to say; here the runs are given out, and the
bot is told of each that must do something, by an inside arrival in its own talk's queue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select
from sqlmodel import Session, col

from storage import journal
from storage.accounts import list_accounts
from storage.arrivals import add_inside
from storage.models.flows import Run
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Running:
    """A run that is not over. people: free, asked or taken, as a turn of its talk would see it."""

    run_id: str
    conversation_id: str
    state: dict[str, Any]
    people: str


@dataclass(frozen=True, slots=True)
class Word:
    """What the bot is told of one run."""

    running: Running
    flow_id: str
    hash: str | None
    how: str


def everybody(db: Session) -> Iterator[Running]:
    """The runs of all talks that are not over, read as they are asked for."""
    people = case(
        (col(Handoff.id).is_(None), "free"), (col(Handoff.taken_at).is_(None), "asked"),
        else_="taken",
    )  # fmt: skip
    is_open = and_(
        col(Handoff.conversation_id) == col(Run.conversation_id), col(Handoff.resolved_at).is_(None)
    )
    query = (
        select(col(Run.id), col(Run.conversation_id), col(Run.state), people)
        .outerjoin(Handoff, is_open)
        .where(col(Run.ended_at).is_(None))
        .order_by(col(Run.started_at), col(Run.id))
    )
    for row in db.execute(query.execution_options(yield_per=AT_ONCE)):
        yield Running(*row)


def tell(db: Session, words: Sequence[Word], now: datetime) -> None:
    """Have each of these runs do what the publish decided for it."""
    for word in words:
        conversation = db.get_one(Conversation, word.running.conversation_id)
        data = {
            "run_id": word.running.run_id,
            "flow": word.flow_id,
            "hash": word.hash,
            "how": word.how,
        }
        add_inside(db, conversation, "republished", data, now)


def journal_heads(db: Session, flow_ids: Sequence[str], by: str | None, now: datetime) -> None:
    """Note in every account's stream that new runs of these flows take another version."""
    operator = db.get(Operator, by) if by is not None else None
    actor = journal.actor_of(operator) if operator is not None else journal.SYSTEM
    for account in list_accounts(db) if flow_ids else ():
        payload = {"flows": {"ids": list(flow_ids)}}
        journal.record(db, journal.Entry(account.id, "flows.published", payload, actor, now))
