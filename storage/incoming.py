"""What customers send, written into their talk: lines, files to be fetched, what they take back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage import journal, lifecycle
from storage.beforehand import Beforehand
from storage.bell import JOBS
from storage.copies import take_out, words_that_were_told
from storage.erasure import erase, is_taken_back
from storage.leaving import leave_to_queue
from storage.models.operators import Presence
from storage.models.people import Account
from storage.models.talks import SAYS_NOTHING, Conversation, Media, Message
from storage.models.work import Arrival, Timer
from storage.objects import Query, add_now, find_one, write_changes
from storage.scheduled_rows import stop_on_reply
from storage.standing import is_out
from storage.talks import Line, append, changed

MEDIA_KINDS = frozenset({"image", "video", "audio", "file"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer sent, as the webhook told it. `at` is LINE's moment of the event."""

    kind: str
    content: dict[str, Any]
    at: datetime
    text: str | None = None
    line_message_id: str | None = None
    media: dict[str, Any] = field(default_factory=dict)  # file_name, when LINE tells it
    origin: dict[str, Any] | None = None  # the form's run and step, of what was answered there


def receive(
    db: Session, conversation: Conversation, incoming: Incoming, arrival: Arrival, now: datetime,
    look: Beforehand | None = None,
) -> Message:  # fmt: skip
    """The customer writes, taps or sends: a line, the unseen mark, the wait, the free reply.

    look: of the talk, with nothing changed since.
    In `done` the status stays as it is: whether the talk reopens or the bot answers is known only
    when the turn has seen whether a flow takes the text (`desk.reopen`, `desk.rest`).
    """
    is_said = incoming.kind not in SAYS_NOTHING
    if is_said:
        has_scheduled = look is None or look.has_scheduled
        await_answer(db, conversation, now, has_scheduled=has_scheduled)
    line_message_id = incoming.line_message_id if look is None or look.has_line else None
    is_unsent = is_taken_back(db, conversation, line_message_id)
    offer_reply(db, conversation, arrival)
    overtaken = _overtaken(db, conversation, line_message_id)
    if overtaken is not None:
        changed(db, conversation, "message.received", journal.CUSTOMER, now, overtaken)
        leave_to_queue(db, conversation, now)
        return overtaken
    media_id = None
    if incoming.kind in MEDIA_KINDS and incoming.line_message_id and _is_at_line(incoming):
        media_id = _expect_media(db, conversation, incoming, now)
    message = append(db, conversation, _incoming_line(incoming, media_id))
    if is_unsent:
        erase(db, conversation, message, now)
    changed(db, conversation, "message.received", journal.CUSTOMER, now, message)
    if is_said:
        leave_to_queue(db, conversation, now)
    return message


def _overtaken(
    db: Session, conversation: Conversation, line_message_id: str | None
) -> Message | None:
    """A line that is here already, because its change came before it did."""
    if line_message_id is None:
        return None
    values = {"of_talk": conversation.id, "of_message": line_message_id}
    return _CHANGED_BEFORE.first(db, values)


_CHANGED_BEFORE = Query(
    Message,
    select(Message).where(
        col(Message.conversation_id) == bindparam("of_talk"),
        col(Message.line_message_id) == bindparam("of_message"),
        col(Message.edited_at).is_not(None),
        col(Message.unsent_at).is_(None),
    ),
)


def _is_at_line(incoming: Incoming) -> bool:
    """Whether LINE keeps the file for us; of an external one it knows only the address."""
    provider = incoming.content.get("contentProvider")
    return not (isinstance(provider, dict) and provider.get("type") == "external")


def unsend(db: Session, conversation: Conversation, line_message_id: str, now: datetime) -> None:
    """The customer took a message back: its text, content and file are erased, and all that was
    made of them; the line stays."""
    message = db.scalars(
        select(Message).where(
            col(Message.conversation_id) == conversation.id,
            col(Message.line_message_id) == line_message_id,
        )
    ).first()
    if message is None:  # the unsend overtook its message: remember it as a tombstone
        line = Line("customer", "unsent", {}, now, line_message_id=line_message_id)
        message = append(db, conversation, line)
    words = words_that_were_told(db, conversation, message)
    erase(db, conversation, message, now)
    changed(db, conversation, "message.unsent", journal.CUSTOMER, now, message)
    take_out(db, conversation, message, words, now)


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


def await_answer(
    db: Session, conversation: Conversation, now: datetime, *, has_scheduled: bool = True
) -> None:
    """The customer said something that a person, if one is in charge, has to see.

    has_scheduled: whether there may be a message that waits for its moment.
    """
    if conversation.status in {"pending", "snoozed"}:
        _bring_back(db, conversation, now)
    conversation.unseen_count += 1
    conversation.snoozed_until = None
    if conversation.status in {"waiting", "active"} and conversation.waiting_since is None:
        conversation.waiting_since = now
    if has_scheduled:
        stop_on_reply(db, conversation, now)


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


def is_assignee_there(db: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether the one who holds the talk has a live socket that is not away, and is not out."""
    if conversation.assignee_id is None or is_out(db, conversation.assignee_id, now):
        return False
    query = select(col(Presence.socket_id)).where(
        col(Presence.operator_id) == conversation.assignee_id,
        col(Presence.doing) != "away",
        col(Presence.until_at) > now,
    )
    return db.scalars(query.limit(1)).first() is not None


def offer_reply(db: Session, conversation: Conversation, arrival: Arrival) -> None:
    """The event brought a token: an answer is free for a while, if the account wants that."""
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
        origin=incoming.origin,
        line_message_id=incoming.line_message_id,
        media_id=media_id,
    )


def _expect_media(
    db: Session, conversation: Conversation, incoming: Incoming, now: datetime
) -> str:
    """The file of a message; two events that name one message have one file."""
    message_id = incoming.line_message_id or ""
    values = {"of_account": conversation.account_id, "of_message": message_id}
    known = _FILE_OF.first(db, values)
    if known is not None:
        return known.id
    media = add_now(
        db,
        Media,
        account_id=conversation.account_id,
        line_message_id=message_id,
        kind=incoming.kind,
        file_name=incoming.media.get("file_name"),
        due_at=now,
        created_at=now,
    )
    journal.ring_later(db, JOBS)
    return media.id


_FILE_OF = Query(
    Media,
    select(Media).where(
        col(Media.account_id) == bindparam("of_account"),
        col(Media.line_message_id) == bindparam("of_message"),
    ),
)
