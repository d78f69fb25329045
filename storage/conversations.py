"""What an operator may look at: lists of talks, one talk, its lines.

Accounts are the wall: everything here goes through a `Scope`, and a row outside it is not found.
Queues only route and filter; they hide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from storage.cursors import read_cursor, write_cursor
from storage.models.people import Customer, CustomerTag, Friend, Tag
from storage.models.talks import Conversation, Note
from storage.refusals import NotFound

View = Literal["mine", "unassigned", "waiting", "pending", "snoozed", "bot", "done", "all"]
VIEWS: tuple[View, ...] = (
    "mine",
    "unassigned",
    "waiting",
    "pending",
    "snoozed",
    "bot",
    "done",
    "all",
)
WITH_PEOPLE = ("waiting", "active", "pending", "snoozed")
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # stands for "no wait", after every wait


@dataclass(frozen=True, slots=True)
class Scope:
    """What one operator may see. accounts None: every account."""

    operator_id: str
    accounts: frozenset[str] | None = None

    def allows(self, account_id: str) -> bool:
        """Whether an account is on this side of the wall."""
        return self.accounts is None or account_id in self.accounts


@dataclass(frozen=True, slots=True)
class Filter:
    """Which talks of a view."""

    view: View = "all"
    account: str | None = None
    queue: str | None = None
    tag: str | None = None
    among: frozenset[str] | None = None  # of these talks only


def get_conversation(db: Session, scope: Scope, conversation_id: str) -> Conversation:
    """Raises NotFound, also for a talk on the other side of the wall, or of one of us."""
    conversation = db.get(Conversation, conversation_id)
    is_own = conversation is not None and conversation.operator_id is not None
    if conversation is None or is_own or not scope.allows(conversation.account_id):
        raise NotFound("there is no such conversation")
    return conversation


def list_conversations(
    db: Session, scope: Scope, wanted: Filter, cursor: str | None, limit: int = 50
) -> tuple[Sequence[Conversation], str | None]:
    """One page and the next cursor: longest wait first, then those without one, newest first."""
    wait = func.coalesce(col(Conversation.waiting_since), NEVER)
    query = _filtered(select(Conversation), scope, wanted)
    if cursor is not None:
        query = query.where(_after(wait, cursor))
    query = query.order_by(wait, col(Conversation.updated_at).desc(), col(Conversation.id))
    found = db.scalars(query.limit(limit + 1)).all()
    page = found[:limit]
    return page, _cursor(page[-1]) if len(found) > limit else None


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
    if scope.accounts is not None:
        query = query.where(col(Conversation.account_id).in_(scope.accounts))
    for condition in _conditions(scope, wanted):
        query = query.where(condition)
    return query


def _conditions(scope: Scope, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [col(Conversation.operator_id).is_(None), *_of_view(scope, wanted.view)]
    if wanted.account is not None:
        conditions.append(col(Conversation.account_id) == wanted.account)
    if wanted.queue is not None:
        conditions.append(col(Conversation.queue) == wanted.queue)
    if wanted.tag is not None:
        conditions.append(col(Conversation.customer_id).in_(_tagged(wanted.tag)))
    if wanted.among is not None:
        conditions.append(col(Conversation.id).in_(wanted.among))
    return conditions


def _of_view(scope: Scope, view: View) -> list[ColumnElement[bool]]:
    status = col(Conversation.status)
    match view:
        case "all":
            return []
        case "mine":
            return [col(Conversation.assignee_id) == scope.operator_id, status != "done"]
        case "unassigned":
            return [col(Conversation.assignee_id).is_(None), status.in_(WITH_PEOPLE)]
        case _:
            return [status == view]


def _tagged(tag: str) -> Select[Any]:
    return (
        select(col(CustomerTag.customer_id))
        .join(Tag, col(Tag.id) == col(CustomerTag.tag_id))
        .where(col(Tag.name) == tag)
    )


def _cursor(last: Conversation) -> str:
    return write_cursor([last.waiting_since or NEVER, last.updated_at, last.id])


def _after(wait: ColumnElement[Any], cursor: str) -> ColumnElement[bool]:
    since, updated_at, last_id = read_cursor(cursor, [datetime, datetime, str])
    return or_(
        wait > since,
        and_(wait == since, col(Conversation.updated_at) < updated_at),
        and_(
            wait == since,
            col(Conversation.updated_at) == updated_at,
            col(Conversation.id) > last_id,
        ),
    )
