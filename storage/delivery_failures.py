"""What did not plainly go out: refused, held back, asked for still, of unknown or inferred outcome.

Somebody who has seen to one (sent it again, or let it be) takes it from the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlmodel import Session, col

from storage import rows
from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.deliveries import SENT_AGAIN, UNDONE
from storage.lookups import by_id, people_of
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from storage.outcomes import OPEN

Which = Literal["all", "held", "checking", "rejected", "unsure", "inferred", "cancelled"]
WHICH: tuple[Which, ...] = get_args(Which)
Sender = Literal["bot", "staff"]
SENDERS: tuple[Sender, ...] = get_args(Sender)
INDEXED = ("rejected", "maybe_sent", "unknown", "cancelled", "inferred_sent")
STATES: Mapping[Which, Sequence[str]] = {
    "all": ("rejected", "maybe_sent", "unknown", "cancelled"),
    "rejected": ("rejected",),
    "unsure": ("maybe_sent", "unknown"),
    "inferred": ("inferred_sent",),
    "cancelled": ("cancelled",),
}
KINDS = {state: kind for kind in WHICH[1:] for state in STATES.get(kind, ())}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them. since: that ended then, at the earliest; what is open is always in it."""

    since: datetime
    which: Which = "all"
    account: str | None = None
    sender: Sender | None = None


def count_failures(db: Session, scope: Scope, wanted: Wanted) -> int:
    """How many that nobody has seen to."""
    counts = [query.with_only_columns(func.count()) for query, _ in _parts(scope, wanted)]
    return sum(int(db.scalar(query) or 0) for query in counts)


def list_failures(
    db: Session, scope: Scope, wanted: Wanted, after: str | None
) -> tuple[list[rows.Row], str | None]:
    """One page, the newest first, each with its first line of the talk; and the next cursor."""
    found: list[Delivery] = []
    for query, moment in _parts(scope, wanted):
        newest = query.order_by(moment.desc(), col(Delivery.id).desc()).limit(PAGE + 1)
        if after is not None:
            at, last = read_cursor(after, [datetime, int])
            newest = newest.where(or_(moment < at, and_(moment == at, col(Delivery.id) < last)))
        found += db.scalars(newest).all()
    found.sort(key=_place, reverse=True)
    page = found[:PAGE]
    following = _place(page[-1]) if len(found) > PAGE else None
    return _shown(db, page), write_cursor(following) if following else None


def _place(delivery: Delivery) -> tuple[datetime, int]:
    return delivery.ended_at or delivery.created_at, delivery.id or 0


def _parts(scope: Scope, wanted: Wanted) -> list[tuple[Any, Any]]:
    """What has ended and what is open, each with the moment that it is sorted by: two indexes."""
    parts: list[tuple[Any, Any]] = []
    if wanted.which in STATES:
        parts.append((_narrow(_ended(wanted), scope, wanted), col(Delivery.ended_at)))
    if wanted.which in {"all", "held", "checking"}:
        parts.append((_narrow(_open(wanted.which), scope, wanted), col(Delivery.created_at)))
    return parts


def _ended(wanted: Wanted) -> Any:
    # As the index has it, word for word: only so does SQLite use it.
    return select(Delivery).where(
        _is_any_of(INDEXED),
        col(Delivery.state).in_(STATES[wanted.which]),
        col(Delivery.ended_at) >= wanted.since,
        col(Delivery.settled_at).is_(None),
        col(Delivery.reason).is_distinct_from(SENT_AGAIN),
        col(Delivery.reason).is_distinct_from(UNDONE),  # its writer wanted that
    )


def _open(which: Which) -> Any:
    held, unsure = col(Delivery.held).is_not(None), col(Delivery.is_unsure)
    kind = {"held": held, "checking": and_(unsure, ~held)}.get(which, or_(held, unsure))
    return select(Delivery).where(_is_any_of(OPEN), kind)


def _narrow(query: Any, scope: Scope, wanted: Wanted) -> Any:
    query = query.where(
        col(Delivery.conversation_id).not_in(
            select(col(Conversation.id)).where(col(Conversation.operator_id).is_not(None))
        ),
    )
    if wanted.sender is not None:
        query = query.where(col(Delivery.is_automatic).is_(wanted.sender == "bot"))
    if scope.accounts is not None:
        query = query.where(col(Delivery.account_id).in_(scope.accounts))
    if wanted.account is not None:
        query = query.where(col(Delivery.account_id) == wanted.account)
    return query


def _is_any_of(states: Sequence[str]) -> ColumnElement[bool]:
    named: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return col(Delivery.state).in_(named)


def _kind(delivery: Delivery) -> str:
    if delivery.state in OPEN:
        return "held" if delivery.held is not None else "checking"
    return KINDS[delivery.state]


def _shown(db: Session, found: Sequence[Delivery]) -> list[rows.Row]:
    lines = _first_lines(db, [one.id for one in found if one.id is not None])
    talks = by_id(db, Conversation, [one.conversation_id for one in found])
    people = people_of(db, [talk.friend_id for talk in talks.values()]) if talks else {}
    told = {row["id"]: row for row in rows.message_rows(db, list(lines.values()))}
    return [
        {
            "id": one.id,
            "account": one.account_id,
            "conversation_id": one.conversation_id,
            "customer_name": people[talks[one.conversation_id].friend_id][0],
            "kind": _kind(one),
            "tries": one.tries,
            "at": rows.moment(one.ended_at or one.created_at),
            "message": told[lines[one.id].id] if one.id in lines else None,
        }
        for one in found
    ]


def _first_lines(db: Session, delivery_ids: Sequence[int]) -> dict[int, Message]:
    query = select(Message).where(col(Message.delivery_id).in_(delivery_ids))
    found: dict[int, Message] = {}
    for line in db.scalars(query.order_by(col(Message.conversation_id), col(Message.seq))):
        found.setdefault(line.delivery_id or 0, line)
    return found
