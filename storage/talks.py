"""The talk itself: its lines, in order, and the row that the queue shows.

Every line gets the next `seq` of its conversation in the transaction that writes it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage import journal, lifecycle, rows
from storage.bell import JOBS
from storage.dialects import insert_once
from storage.erasure import erase, is_taken_back
from storage.models.columns import new_id
from storage.models.flows import Run
from storage.models.operators import Presence
from storage.models.people import Account, Friend
from storage.models.talks import Conversation, Handoff, Media, Message, Note
from storage.models.work import Arrival, Timer
from storage.objects import Query, add_now, find_one, write_changes
from storage.prepared import Prepared
from storage.refusals import NotFound

SHOWN_TEXT = 200  # characters of the last message that the queue shows
SAYS_NOTHING = frozenset({"follow", "unfollow"})  # what a friend does, not what they say
MEDIA_KINDS = frozenset({"image", "video", "audio", "file"})


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


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer sent, as the webhook told it. `at` is LINE's moment of the event."""

    kind: str
    content: dict[str, Any]
    at: datetime
    text: str | None = None
    line_message_id: str | None = None
    media: dict[str, Any] = field(default_factory=dict)  # file_name, when LINE tells it


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
        client_msg_id=line.client_msg_id,
        delivery_id=line.delivery_id,
        media_id=line.media_id,
        at=line.at,
    )
    if line.sender != "system":
        conversation.last_message = {
            "seq": message.seq,
            "sender": line.sender,
            "kind": line.kind,
            "text": (line.text or "")[:SHOWN_TEXT] or None,
            "at": rows.moment(line.at),
        }
    db.add(conversation)
    return message


def receive(
    db: Session, conversation: Conversation, incoming: Incoming, arrival: Arrival, now: datetime
) -> Message:
    """The customer writes, taps or sends: a line, the unseen mark, the wait, the free reply.

    In `done` the status stays as it is: whether the talk reopens or the bot answers is known only
    when the turn has seen whether a flow takes the text (`desk.reopen`, `desk.rest`).
    """
    if incoming.kind not in SAYS_NOTHING:
        _await_answer(db, conversation, now)
    is_unsent = is_taken_back(db, conversation, incoming.line_message_id)
    _offer_reply(db, conversation, arrival)
    media_id = None
    if incoming.kind in MEDIA_KINDS and incoming.line_message_id:
        media_id = _expect_media(db, conversation, incoming, now)
    message = append(db, conversation, _incoming_line(incoming, media_id))
    if is_unsent:
        erase(db, conversation, message, now)
    changed(db, conversation, "message.received", journal.CUSTOMER, now, message)
    return message


def activity(
    db: Session, conversation: Conversation, kind: str, params: dict[str, Any], now: datetime
) -> Message:
    """A line of the product's own: a kind and its parameters, put into words when shown."""
    content = {"activity": kind, **params}
    return append(db, conversation, Line("system", "activity", content, now))


def offer_reply_again(db: Session, arrival_id: int, until: datetime, now: datetime) -> None:
    """LINE delivered the event again: its free reply, when nobody has used it, has more time."""
    write_changes(db)
    waiting = db.scalars(
        select(Conversation)
        .where(col(Conversation.reply_arrival_id) == arrival_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for conversation in waiting:
        conversation.free_reply_until = until
        changed(db, conversation, "conversation.free_reply", journal.CUSTOMER, now)


def has_spoken_since(db: Session, conversation: Conversation, moment: datetime) -> bool:
    """Whether the customer wrote after a moment of LINE's time."""
    return _SPOKEN.first(db, {"of_talk": conversation.id, "moment": moment}) is not None


_SPOKEN = Prepared(
    select(col(Message.id))
    .where(
        col(Message.conversation_id) == bindparam("of_talk"),
        col(Message.sender) == "customer",
        *(col(Message.kind) != kind for kind in sorted(SAYS_NOTHING)),
        col(Message.at) > bindparam("moment"),
    )
    .limit(1)
)


def unsend(db: Session, conversation: Conversation, line_message_id: str, now: datetime) -> None:
    """The customer took a message back: its text, content and file are erased, the line stays."""
    message = db.scalars(
        select(Message).where(
            col(Message.conversation_id) == conversation.id,
            col(Message.line_message_id) == line_message_id,
        )
    ).first()
    if message is None:  # the unsend overtook its message: remember it as a tombstone
        line = Line("customer", "unsent", {}, now, line_message_id=line_message_id)
        message = append(db, conversation, line)
    erase(db, conversation, message, now)
    changed(db, conversation, "message.unsent", journal.CUSTOMER, now, message)


def changed(
    db: Session,
    conversation: Conversation,
    kind: str,
    actor: dict[str, str],
    now: datetime,
    *touched: Message | Handoff | Note | Run,
) -> None:
    """Journal a change of a talk, with the rows that it touched."""
    conversation.version += 1
    conversation.updated_at = now
    db.add(conversation)
    payload: dict[str, rows.Shown] = {"conversation": conversation}
    payload |= {type(row).__name__.lower(): row for row in touched}
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


def is_assignee_there(db: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether the one who holds the talk has a live socket that is not away."""
    if conversation.assignee_id is None:
        return False
    query = select(col(Presence.socket_id)).where(
        col(Presence.operator_id) == conversation.assignee_id,
        col(Presence.doing) != "away",
        col(Presence.until_at) > now,
    )
    return db.scalars(query.limit(1)).first() is not None


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


def _await_answer(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer said something that a person, if one is in charge, has to see."""
    if conversation.status in {"pending", "snoozed"}:
        _bring_back(db, conversation, now)
    conversation.unseen_count += 1
    conversation.snoozed_until = None
    if conversation.status in {"waiting", "active"} and conversation.waiting_since is None:
        conversation.waiting_since = now


def _bring_back(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer answered a talk that waited for it: to its assignee, if they are there."""
    is_there = is_assignee_there(db, conversation, now)
    conversation.status = lifecycle.after(conversation.status, "hear", is_assignee_there=is_there)
    db.execute(
        delete(Timer).where(
            col(Timer.conversation_id) == conversation.id,
            col(Timer.kind).in_(["return", "snooze"]),
        )
    )


def _offer_reply(db: Session, conversation: Conversation, arrival: Arrival) -> None:
    is_economy = find_one(db, Account, conversation.account_id).mode == "economy"
    if is_economy and arrival.reply_until is not None:
        conversation.reply_arrival_id = arrival.id
        conversation.free_reply_until = arrival.reply_until


def _incoming_line(incoming: Incoming, media_id: str | None) -> Line:
    return Line(
        "customer",
        incoming.kind,
        incoming.content,
        incoming.at,
        text=incoming.text,
        line_message_id=incoming.line_message_id,
        media_id=media_id,
    )


def _expect_media(
    db: Session, conversation: Conversation, incoming: Incoming, now: datetime
) -> str:
    media = add_now(
        db,
        Media,
        account_id=conversation.account_id,
        line_message_id=incoming.line_message_id or "",
        kind=incoming.kind,
        file_name=incoming.media.get("file_name"),
        due_at=now,
        created_at=now,
    )
    journal.ring_later(db, JOBS)
    return media.id
