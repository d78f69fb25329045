"""What did not plainly go out: refused, of unknown outcome, or held back as a person took over."""

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

Which = Literal["all", "rejected", "unsure", "cancelled"]
WHICH: tuple[Which, ...] = get_args(Which)
STATES: Mapping[Which, Sequence[str]] = {
    "all": ("rejected", "maybe_sent", "unknown", "cancelled"),
    "rejected": ("rejected",),
    "unsure": ("maybe_sent", "unknown"),
    "cancelled": ("cancelled",),
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them. since: that ended then, at the earliest."""

    since: datetime
    which: Which = "all"
    account: str | None = None


def count_failures(db: Session, scope: Scope, wanted: Wanted) -> int:
    """How many that nobody has sent again."""
    query = _narrow(select(func.count()), scope, wanted)
    return int(db.scalar(query) or 0)


def list_failures(
    db: Session, scope: Scope, wanted: Wanted, after: str | None
) -> tuple[list[rows.Row], str | None]:
    """One page, the newest first, each with its first line of the talk; and the next cursor."""
    query = _narrow(select(Delivery), scope, wanted)
    ended, id_ = col(Delivery.ended_at), col(Delivery.id)
    if after is not None:
        at, last = read_cursor(after, [datetime, int])
        query = query.where(or_(ended < at, and_(ended == at, id_ < last)))
    found = db.scalars(query.order_by(ended.desc(), id_.desc()).limit(PAGE + 1)).all()
    page = found[:PAGE]
    following = [page[-1].ended_at, page[-1].id] if len(found) > PAGE else None
    return _shown(db, page), write_cursor(following) if following else None


def _narrow(query: Any, scope: Scope, wanted: Wanted) -> Any:
    # As the index has it, word for word: only so does SQLite use it.
    query = query.select_from(Delivery).where(
        _is_any_of(STATES["all"]),
        col(Delivery.ended_at) >= wanted.since,
        col(Delivery.reason).is_distinct_from(SENT_AGAIN),
        col(Delivery.reason).is_distinct_from(UNDONE),  # its writer wanted that
        col(Delivery.conversation_id).not_in(
            select(col(Conversation.id)).where(col(Conversation.operator_id).is_not(None))
        ),
    )
    if wanted.which != "all":
        query = query.where(col(Delivery.state).in_(STATES[wanted.which]))
    if scope.accounts is not None:
        query = query.where(col(Delivery.account_id).in_(scope.accounts))
    if wanted.account is not None:
        query = query.where(col(Delivery.account_id) == wanted.account)
    return query


def _is_any_of(states: Sequence[str]) -> ColumnElement[bool]:
    named: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return col(Delivery.state).in_(named)


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
            "at": rows.moment(one.ended_at),
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
