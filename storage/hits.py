"""What a search shows: each row that was found, who said it and when, and where the words stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.findable import texts_of_people
from storage.finding import Wanted, find_rows
from storage.lookups import line_before, operator_names, people_of
from storage.models.people import Customer, Friend
from storage.models.talks import Conversation, Message, Note
from storage.rows import Row, moment
from storage.search_words import cut_snippet

MOST_IN_A_LIST = 500  # hits that narrow a list of talks


@dataclass(frozen=True, slots=True)
class _Said:
    """A text and where it stands. seq: of the line; of a note, of the line before it."""

    id: str
    text: str
    account_id: str
    customer_id: str
    friend_id: str
    conversation_id: str | None
    at: datetime
    seq: int | None = None
    sender: str | None = None
    operator_id: str | None = None


def list_hits(
    db: Session, scope: Scope, wanted: Wanted, cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """One page of hits, newest first, and the next cursor. A page with a next one may be short."""
    found, following = find_rows(db, scope, wanted, cursor, limit)
    said = _READ[wanted.kind](db, [one.row_id for one in found])
    by_id = {one.id: one for one in said}
    in_order = [by_id[one.row_id] for one in found if one.row_id in by_id]
    people = people_of(db, [one.friend_id for one in in_order]) if in_order else {}
    names = operator_names(db, [one.operator_id for one in in_order])
    hits = [_hit(one, wanted, people[one.friend_id], names) for one in in_order]
    return [hit for hit in hits if hit is not None], following


def talks_holding(
    db: Session, scope: Scope, words: tuple[str, ...], account: str | None
) -> frozenset[str]:
    """The talks of the newest messages, and of the people, that hold every word."""

    def ids(kind: str) -> list[str]:
        found, _ = find_rows(db, scope, Wanted(words, kind, account), None, MOST_IN_A_LIST)
        return [one.row_id for one in found]

    of_message = select(col(Message.conversation_id)).where(col(Message.id).in_(ids("message")))
    of_person = select(col(Conversation.id)).where(col(Conversation.friend_id).in_(ids("customer")))
    return frozenset(db.scalars(of_message)) | frozenset(db.scalars(of_person))


def _hit(
    said: _Said, wanted: Wanted, person: tuple[str, str | None, bool], names: dict[str, str]
) -> Row | None:
    snippet = cut_snippet(said.text, wanted.words)
    if snippet is None:  # the row is newer than what was searched
        return None
    return {
        "id": said.id,
        "kind": wanted.kind,
        "account": said.account_id,
        "conversation_id": said.conversation_id,
        "customer_id": said.customer_id,
        "customer_name": person[0],
        "picture_url": person[1],
        "seq": said.seq,
        "sender": said.sender,
        "operator_name": names.get(said.operator_id or ""),
        "at": moment(said.at),
        "text": snippet.text,
        "hits": [list(span) for span in snippet.hits],
    }


def _of_talk(table: type[Message] | type[Note], ids: Sequence[str]) -> Any:
    talk = (col(Conversation.id), col(Conversation.account_id), col(Conversation.customer_id))
    return (
        select(table, *talk, col(Conversation.friend_id))
        .join(Conversation, col(Conversation.id) == col(table.conversation_id))
        .where(
            col(table.id).in_(ids),
            col(table.text).is_not(None),
            col(Conversation.operator_id).is_(None),  # one of us is no customer
        )
    )


def _messages(db: Session, ids: Sequence[str]) -> list[_Said]:
    return [
        _Said(
            m.id, m.text, account_id, customer_id, friend_id, talk_id, m.at,
            m.seq, m.sender, m.operator_id,
        )
        for m, talk_id, account_id, customer_id, friend_id in db.execute(_of_talk(Message, ids))
    ]  # fmt: skip


def _notes(db: Session, ids: Sequence[str]) -> list[_Said]:
    found = db.execute(_of_talk(Note, ids)).all()
    return [
        _Said(
            note.id, note.text, account_id, customer_id, friend_id, talk_id, note.at,
            line_before(db, note), "operator", note.operator_id,
        )
        for note, talk_id, account_id, customer_id, friend_id in found
    ]  # fmt: skip


def _customers(db: Session, ids: Sequence[str]) -> list[_Said]:
    ties = (
        select(Friend, col(Customer.updated_at), col(Conversation.id))
        .join(Customer, col(Customer.id) == col(Friend.customer_id))
        .outerjoin(Conversation, col(Conversation.friend_id) == col(Friend.id))
        .where(col(Friend.id).in_(ids), col(Conversation.operator_id).is_(None))
    )
    found = db.execute(ties).all()
    people = [friend.customer_id for friend, *_ in found]
    texts = {friend_id: text for _, friend_id, text in texts_of_people(db, people)}
    return [
        _Said(f.id, texts[f.id], f.account_id, f.customer_id, f.id, talk_id, updated_at)
        for f, updated_at, talk_id in found
    ]


_READ = {"message": _messages, "note": _notes, "customer": _customers}
