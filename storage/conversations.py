"""What an operator may look at: lists of talks, one talk, its lines.

Accounts are the wall: everything here goes through a `Scope`, and a row outside it is not found.
Queues only route and filter; they hide nothing. What a list may ask for stands in `talk_filters`,
its orders in `talk_order`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.models.people import Customer, Friend
from storage.models.talks import Conversation, Note
from storage.objects import find
from storage.refusals import NotFound
from storage.talk_filters import VIEWS, WITH_PEOPLE, Filter, Scope, View, conditions_of
from storage.talk_order import Sort, page_in_order

__all__ = ["VIEWS", "WITH_PEOPLE", "Filter", "Scope", "Sort", "View"]


def get_conversation(db: Session, scope: Scope, conversation_id: str) -> Conversation:
    """Raises NotFound, also for a talk on the other side of the wall, or of one of us."""
    conversation = find(db, Conversation, conversation_id)
    is_own = conversation is not None and conversation.operator_id is not None
    if conversation is None or is_own or not scope.allows(conversation.account_id):
        raise NotFound("there is no such conversation")
    return conversation


def list_conversations(
    db: Session,
    scope: Scope,
    wanted: Filter,
    cursor: str | None,
    limit: int = 50,
    sort: Sort = "wait",
) -> tuple[Sequence[Conversation], str | None]:
    """One page and the next cursor, in one of the orders of `talk_order`. Raises NotFound."""
    return page_in_order(db, conditions_of(scope, wanted), sort, cursor, limit)


def count_conversations(db: Session, scope: Scope, wanted: Filter, at_most: int) -> int:
    """How many talks a filter finds; it counts no further than `at_most`."""
    some = _filtered(select(col(Conversation.id)), scope, wanted).limit(at_most).subquery()
    return int(db.scalar(select(func.count()).select_from(some)) or 0)


def count_views(db: Session, scope: Scope, account: str | None) -> dict[str, int]:
    """How many talks each view holds."""
    counts: dict[str, int] = {}
    for view in VIEWS:
        query = select(func.count()).select_from(Conversation)
        counts[view] = int(db.scalar(_filtered(query, scope, Filter(view, account))) or 0)
    return counts


def count_queues(db: Session, scope: Scope, account: str | None) -> dict[str, int]:
    """How many talks wait in each queue."""
    query = (
        select(col(Conversation.queue), func.count())
        .where(col(Conversation.queue).is_not(None))
        .group_by(col(Conversation.queue))
    )
    rows = db.execute(_filtered(query, scope, Filter("waiting", account)))
    return {str(queue): count for queue, count in rows}


@dataclass(frozen=True, slots=True)
class Waits:
    """Who waits for a person. alone: talks in status waiting that nobody holds.

    longest_since, longest_id: the talk whose message has gone longest without a person's answer.
    """

    alone: int
    longest_since: datetime | None
    longest_id: str | None


def find_waits(db: Session, scope: Scope) -> Waits:
    """Whether anybody is forgotten."""
    alone = select(func.count()).select_from(Conversation)
    alone = _filtered(alone, scope, Filter("waiting")).where(
        col(Conversation.assignee_id).is_(None)
    )
    longest = select(col(Conversation.waiting_since), col(Conversation.id))
    longest = _filtered(longest, scope, Filter()).where(
        col(Conversation.waiting_since).is_not(None),
        col(Conversation.status).in_(WITH_PEOPLE),
    )
    first = db.execute(longest.order_by(col(Conversation.waiting_since)).limit(1)).first()
    since, id_ = first if first is not None else (None, None)
    return Waits(int(db.scalar(alone) or 0), since, id_)


def list_notes(db: Session, conversation: Conversation) -> Sequence[Note]:
    """The notes of a talk, oldest first."""
    query = select(Note).where(col(Note.conversation_id) == conversation.id)
    return db.scalars(query.order_by(col(Note.at), col(Note.id))).all()


def visible_customer(db: Session, scope: Scope, customer_id: str) -> Customer:
    """A person with a friend on this side of the wall. Raises NotFound."""
    customer = db.get(Customer, customer_id)
    accounts = db.scalars(
        select(col(Friend.account_id)).where(col(Friend.customer_id) == customer_id)
    ).all()
    if customer is None or not any(scope.allows(account) for account in accounts):
        raise NotFound("there is no such customer")
    return customer


def _filtered(query: Any, scope: Scope, wanted: Filter) -> Any:
    return query.where(*conditions_of(scope, wanted))
