"""The talk itself: its lines, in order, and the row that the queue shows.

Every line gets the next `seq` of its conversation in the transaction that writes it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage import journal, reply_clock, rows
from storage.dialects import insert_once
from storage.findable import keep
from storage.models.columns import new_id
from storage.models.flows import Run
from storage.models.people import Friend
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.objects import Query, add_now, write_changes
from storage.quotes import find_quoted, token_of
from storage.refusals import NotFound

SHOWN_TEXT = 200  # characters of the last message that the queue shows


@dataclass(frozen=True, slots=True)
class Line:
    """What is about to be written into a talk."""

    sender: str
    kind: str
    content: dict[str, Any]
    at: datetime
    text: str | None = None
    operator_id: str | None = None
    origin: dict[str, Any] | None = None
    line_message_id: str | None = None
    client_msg_id: str | None = None
    delivery_id: int | None = None
    media_id: str | None = None


def open_conversation(db: Session, friend: Friend, now: datetime) -> Conversation:
    """The talk with a friend, begun on first sight; locked until the unit ends."""
    found = _of_friend(db, friend.id)
    if found is not None:
        return found
    row = {
        "id": new_id(),
        "account_id": friend.account_id,
        "friend_id": friend.id,
        "customer_id": friend.customer_id,
        "status": "bot",
        "epoch": 0,
        "last_seq": 0,
        "unseen_count": 0,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }
    insert_once(db, Conversation, row, ["friend_id"])
    return _of_friend(db, friend.id) or lock(db, str(row["id"]))


def lock(db: Session, conversation_id: str) -> Conversation:
    """The conversation as it is now, held until the unit ends. Raises NotFound."""
    write_changes(db)  # what this unit has changed itself must not be loaded over
    found = _BY_ID.first(db, {"conversation_id": conversation_id})
    if found is None:
        raise NotFound(f"there is no conversation {conversation_id!r}")
    return found


def append(db: Session, conversation: Conversation, line: Line) -> Message:
    """Write one line at the end of the talk; the caller journals it."""
    conversation.last_seq += 1
    message = add_now(
        db,
        Message,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        sender=line.sender,
        operator_id=line.operator_id,
        kind=line.kind,
        content=line.content,
        text=line.text,
        origin=line.origin,
        line_message_id=line.line_message_id,
        quote_token=token_of(line.content, line.sender),
        quoted_seq=find_quoted(db, conversation.id, line.content, line.sender),
        client_msg_id=line.client_msg_id,
        delivery_id=line.delivery_id,
        media_id=line.media_id,
        at=line.at,
    )
    keep(db, conversation.account_id, "message", message.id, line.text)
    if line.sender != "system":
        conversation.last_message = last_message_of(message)
        conversation.last_message_at = rows.to_milliseconds(line.at)
    db.add(conversation)
    return message


def last_message_of(message: Message) -> dict[str, Any]:
    """A line as the queue shows it."""
    return {
        "seq": message.seq,
        "sender": message.sender,
        "kind": message.kind if message.unsent_at is None else "unsent",
        "text": (message.text or "")[:SHOWN_TEXT] or None,
        "at": rows.moment(message.at),
    }


def activity(
    db: Session, conversation: Conversation, kind: str, params: dict[str, Any], now: datetime
) -> Message:
    """A line of the product's own: a kind and its parameters, put into words when shown."""
    content = {"activity": kind, **params}
    return append(db, conversation, Line("system", "activity", content, now))


def changed(
    db: Session,
    conversation: Conversation,
    kind: str,
    actor: dict[str, str],
    now: datetime,
    *touched: Message | Handoff | Note | Run,
    **facts: dict[str, Any],
) -> None:
    """Journal a change of a talk, with the rows that it touched; its clock follows it.

    facts: what is told beside the rows, as it stands.
    """
    conversation.version += 1
    conversation.updated_at = now
    db.add(conversation)
    payload: dict[str, rows.Shown | dict[str, Any]] = {"conversation": conversation, **facts}
    payload |= {type(row).__name__.lower(): row for row in touched}
    if reply_clock.is_moving(conversation):
        handoff = open_handoff(db, conversation)
        if reply_clock.settle(db, conversation, handoff, now) and handoff is not None:
            payload["handoff"] = handoff
    entry = journal.Entry(
        conversation.account_id,
        kind,
        payload,
        actor,
        now,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
    )
    journal.record(db, entry)


def is_with_people(conversation: Conversation) -> bool:
    """Only then there may be an open handoff: returning and resolving end it."""
    return conversation.status not in {"bot", "done"}


def open_handoff(db: Session, conversation: Conversation) -> Handoff | None:
    """The stretch of human help that is not over."""
    return _OPEN_HANDOFF.first(db, {"conversation_id": conversation.id})


_OPEN_HANDOFF = Query(
    Handoff,
    select(Handoff).where(
        col(Handoff.conversation_id) == bindparam("conversation_id"),
        col(Handoff.resolved_at).is_(None),
    ),
)


_BY_ID = Query(
    Conversation,
    select(Conversation)
    .where(col(Conversation.id) == bindparam("conversation_id"))
    .with_for_update(),
    is_fresh=True,
)
_OF_FRIEND = Query(
    Conversation,
    select(Conversation)
    .where(col(Conversation.friend_id) == bindparam("friend_id"))
    .with_for_update(),
    is_fresh=True,
)


def _of_friend(db: Session, friend_id: str) -> Conversation | None:
    write_changes(db)
    return _OF_FRIEND.first(db, {"friend_id": friend_id})
