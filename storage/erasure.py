"""What a customer took back: its words, its content and its file go; the line stays.

They go from what came in (the event as LINE sent it) and from what the consoles were told, too.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import JOBS
from storage.faq_questions import erase_question
from storage.findable import forget
from storage.models.talks import Conversation, Media, Message
from storage.models.work import Arrival, JournalEntry
from storage.objects import find_one
from storage.prepared import Prepared

CLOCKS_APART = timedelta(minutes=10)  # LINE's and ours, at most


def is_taken_back(db: Session, conversation: Conversation, line_message_id: str | None) -> bool:
    """Whether a message that comes only now was taken back already: LINE promises no order."""
    if line_message_id is None:
        return False
    values = {"of_talk": conversation.id, "of_message": line_message_id}
    return _TOMBSTONE.first(db, values) is not None


_TOMBSTONE = Prepared(
    select(col(Message.id)).where(
        col(Message.conversation_id) == bindparam("of_talk"),
        col(Message.line_message_id) == bindparam("of_message"),
        col(Message.unsent_at).is_not(None),
    )
)


def erase(db: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """Empty a line; its file is deleted by a job of its own. The caller journals it."""
    message.text, message.content, message.unsent_at = None, {}, now
    message.quote_token = None
    db.add(message)
    forget(db, "message", [message.id])
    if message.line_message_id is not None:
        erase_question(db, conversation.id, message.line_message_id)
    if message.media_id is not None:
        media = find_one(db, Media, message.media_id)
        media.state, media.file_name, media.due_at = "unsent", None, now
        db.add(media)
        journal.ring_later(db, JOBS)
    _erase_what_was_told(db, conversation, message)
    last = conversation.last_message
    if last is not None and last["seq"] == message.seq:
        conversation.last_message = {**last, "kind": "unsent", "text": None}
        db.add(conversation)


def _erase_what_was_told(db: Session, conversation: Conversation, message: Message) -> None:
    if message.line_message_id is not None:
        _erase_events(db, conversation.account_id, message.line_message_id)
    told = db.scalars(
        select(JournalEntry).where(
            col(JournalEntry.conversation_id) == conversation.id,
            col(JournalEntry.at) >= message.at - CLOCKS_APART,
        )
    )
    for entry in told:
        payload = _without(entry.payload, message)
        if payload != entry.payload:
            entry.payload = payload
            db.add(entry)


def _erase_events(db: Session, account_id: str, line_message_id: str) -> None:
    """The events themselves stay, so that another copy of them is known."""
    found = select(Arrival).where(
        col(Arrival.account_id) == account_id, col(Arrival.line_message_id) == line_message_id
    )
    for arrival in db.scalars(found):
        kept = {key: arrival.raw["message"].get(key) for key in ("id", "type")}
        arrival.raw = {**arrival.raw, "message": kept}
        db.add(arrival)


def _without(payload: dict[str, Any], message: Message) -> dict[str, Any]:
    """An entry's rows as they would be told now."""
    line, talk = payload.get("message"), payload.get("conversation")
    if isinstance(line, dict) and line.get("id") == message.id:
        media = {**line["media"], "file_name": None} if line.get("media") else None
        payload = {**payload, "message": {**line, "text": None, "content": {}, "media": media}}
    last = talk.get("last_message") if isinstance(talk, dict) else None
    if isinstance(talk, dict) and last is not None and last.get("seq") == message.seq:
        blank = {**talk, "last_message": {**last, "text": None}}
        payload = {**payload, "conversation": blank}
    return payload
