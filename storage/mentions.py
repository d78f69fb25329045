"""Whom notes call: a list of one's own, newest first, and which of it one has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlmodel import Session, col

from storage import rows
from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.lookups import line_before, operator_names, people_of
from storage.models.talks import Conversation, Mention, Note


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them. account None: every account that one may see."""

    account: str | None = None
    is_unseen: bool = False


def call(
    db: Session, conversation: Conversation, note: Note, calls: Sequence[str], now: datetime
) -> None:
    """The note calls these and nobody else; who was called before has no news of it."""
    of_note = col(Mention.note_id) == note.id
    known = set(db.scalars(select(col(Mention.operator_id)).where(of_note)))
    gone = known - set(calls)
    if gone:
        db.execute(delete(Mention).where(of_note, col(Mention.operator_id).in_(gone)))
    for operator_id in dict.fromkeys(calls):
        if operator_id not in known:
            mention = Mention(
                note_id=note.id,
                operator_id=operator_id,
                account_id=conversation.account_id,
                conversation_id=conversation.id,
                at=now,
            )
            db.add(mention)


def list_mentions(
    db: Session, scope: Scope, operator_id: str, asked: Asked, cursor: str | None, limit: int
) -> tuple[list[rows.Row], str | None]:
    """One page of the notes that call somebody, and the next cursor."""
    query = _of(select(Mention, Note, Conversation), scope, operator_id, asked.account)
    query = query.join(Note, col(Note.id) == col(Mention.note_id))
    if asked.is_unseen:
        query = query.where(col(Mention.seen_at).is_(None))
    if cursor is not None:
        query = query.where(_before(cursor))
    newest_first = (col(Mention.at).desc(), col(Mention.note_id).desc())
    found = db.execute(query.order_by(*newest_first).limit(limit + 1)).all()
    page = found[:limit]
    following = write_cursor([page[-1][0].at, page[-1][0].note_id]) if found[limit:] else None
    return _rows(db, page), following


def count_unseen(db: Session, scope: Scope, operator_id: str, account: str | None = None) -> int:
    """How many of them one has not seen."""
    query = _of(select(func.count()).select_from(Mention), scope, operator_id, account)
    return int(db.scalar(query.where(col(Mention.seen_at).is_(None))) or 0)


def mark_seen(
    db: Session, operator_id: str, conversation_id: str | None, now: datetime,
    *, account: str | None = None,
) -> None:  # fmt: skip
    """Those in one talk, or (without one) all: of one account, or of every one."""
    seen = update(Mention).where(
        col(Mention.operator_id) == operator_id, col(Mention.seen_at).is_(None)
    )
    if conversation_id is not None:
        seen = seen.where(col(Mention.conversation_id) == conversation_id)
    if account is not None:
        seen = seen.where(col(Mention.account_id) == account)
    db.execute(seen.values(seen_at=now).execution_options(synchronize_session=False))


def _of(query: Any, scope: Scope, operator_id: str, account: str | None) -> Any:
    talk = col(Conversation.id) == col(Mention.conversation_id)
    query = query.join(Conversation, talk).where(
        col(Mention.operator_id) == operator_id,
        col(Conversation.operator_id).is_(None),  # one of us is no customer
    )
    if scope.accounts is not None:
        query = query.where(col(Mention.account_id).in_(scope.accounts))
    return query if account is None else query.where(col(Mention.account_id) == account)


def _rows(db: Session, found: Sequence[Any]) -> list[rows.Row]:
    people = people_of(db, [talk.friend_id for _, _, talk in found]) if found else {}
    names = operator_names(db, [note.operator_id for _, note, _ in found])
    return [
        {
            "id": note.id,
            "account": talk.account_id,
            "conversation_id": talk.id,
            "customer_id": talk.customer_id,
            "customer_name": people[talk.friend_id][0],
            "picture_url": people[talk.friend_id][1],
            "text": note.text,
            "mentions": note.mentions or [],
            "operator_id": note.operator_id,
            "operator_name": names.get(note.operator_id),
            "seq": line_before(db, note),
            "at": rows.moment(mention.at),
            "edited_at": rows.moment(note.edited_at),
            "seen_at": rows.moment(mention.seen_at),
        }
        for mention, note, talk in found
    ]


def _before(cursor: str) -> Any:
    moment, note_id = read_cursor(cursor, [datetime, str])
    is_same = and_(col(Mention.at) == moment, col(Mention.note_id) < note_id)
    return or_(col(Mention.at) < moment, is_same)
