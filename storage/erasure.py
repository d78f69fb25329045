"""What a customer took back: its words, its content and its file go; the line stays."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import JOBS
from storage.faq_questions import erase_question
from storage.findable import forget
from storage.models.talks import Conversation, Media, Message
from storage.objects import find_one
from storage.prepared import Prepared


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
    last = conversation.last_message
    if last is not None and last["seq"] == message.seq:
        conversation.last_message = {**last, "kind": "unsent", "text": None}
        db.add(conversation)
