"""The lines of one talk, page by page, by their `seq`: before one, after one, around one.

A page is oldest first and tells whether there is more on either side. Whoever asks has been let
through the wall of accounts before (`conversations.get_conversation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from storage.models.talks import SAYS_NOTHING, Conversation, Message


@dataclass(frozen=True, slots=True)
class Lines:
    """One page. older: the `before` of the page above; newer: the `after` of the page below."""

    messages: Sequence[Message]
    older: int | None
    newer: int | None


def lines_before(
    db: Session, conversation: Conversation, before: int | None, limit: int = 50
) -> Lines:
    """The newest lines before a `seq`, or the newest of all."""
    query = _of(conversation)
    if before is not None:
        query = query.where(col(Message.seq) < before)
    page, has_more = _read(db, query.order_by(col(Message.seq).desc()), limit)
    page.reverse()
    return Lines(page, page[0].seq if has_more else None, _newer(conversation, page))


def lines_after(db: Session, conversation: Conversation, after: int, limit: int = 50) -> Lines:
    """The oldest lines after a `seq`."""
    query = _of(conversation).where(col(Message.seq) > after)
    page, _ = _read(db, query.order_by(col(Message.seq)), limit)
    return Lines(page, _older(page), _newer(conversation, page))


def lines_around(db: Session, conversation: Conversation, around: int, limit: int = 50) -> Lines:
    """A line with as many before it as after it, where there are so many."""
    above = lines_before(db, conversation, around, max(1, limit // 2))
    below = lines_after(db, conversation, around - 1, max(1, limit - limit // 2))
    page = [*above.messages, *below.messages]
    return Lines(page, above.older, _newer(conversation, page))


def first_since(db: Session, conversation: Conversation, moment: datetime) -> int | None:
    """The first line since a moment; the last line before it when nothing came afterwards."""
    since = _of(conversation).where(col(Message.at) >= moment).order_by(col(Message.seq))
    found = db.scalars(since.limit(1)).first()
    if found is None:
        found = db.scalars(_of(conversation).order_by(col(Message.seq).desc()).limit(1)).first()
    return None if found is None else found.seq


def first_unseen(db: Session, conversation: Conversation) -> int | None:
    """The first line of the customer that the staff have not seen; None when they saw them all."""
    if conversation.unseen_count == 0:
        return None
    said = _of(conversation).where(
        col(Message.sender) == "customer", col(Message.kind).not_in(SAYS_NOTHING)
    )
    newest_first = said.order_by(col(Message.seq).desc())
    found = db.scalars(newest_first.offset(conversation.unseen_count - 1).limit(1)).first()
    return None if found is None else found.seq


def _of(conversation: Conversation) -> Select[Any]:
    return select(Message).where(col(Message.conversation_id) == conversation.id)


def _read(db: Session, query: Select[Any], limit: int) -> tuple[list[Message], bool]:
    found = list(db.scalars(query.limit(limit + 1)).all())
    return found[:limit], len(found) > limit


def _older(page: Sequence[Message]) -> int | None:
    """Every line has its number, from one on."""
    return page[0].seq if page and page[0].seq > 1 else None


def _newer(conversation: Conversation, page: Sequence[Message]) -> int | None:
    return page[-1].seq if page and page[-1].seq < conversation.last_seq else None
