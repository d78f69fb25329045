"""What a customer changed after sending it: the line says what it says now, and that it changed.

Of the words before nothing is kept: the customer took them back. LINE promises no order: of
several changes the one with LINE's latest moment counts, and one may come before its message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import findable, journal
from storage.erasure import is_taken_back
from storage.faq_questions import erase_question
from storage.incoming import await_answer, offer_reply
from storage.leaving import leave_to_queue
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.quotes import token_of
from storage.talks import SHOWN_TEXT, Line, append, changed


@dataclass(frozen=True, slots=True)
class Edit:
    """A message as it is now. at: LINE's moment of the change."""

    line_message_id: str
    content: Mapping[str, Any]
    text: str | None
    at: datetime


def edit(
    db: Session, conversation: Conversation, changed_to: Edit, arrival: Arrival, now: datetime
) -> None:
    """The customer changed a message: staff see it as new, flows do not hear it a second time."""
    if is_taken_back(db, conversation, changed_to.line_message_id):
        return
    message = _find(db, conversation, changed_to.line_message_id)
    if message is not None and _is_newer(message.edited_at, changed_to.at):
        return
    if message is None:
        message = append(db, conversation, _line(changed_to))
    else:
        _rewrite(db, conversation, message, changed_to)
    message.edited_at = changed_to.at
    db.add(message)
    await_answer(db, conversation, now)
    offer_reply(db, conversation, arrival)
    changed(db, conversation, "message.edited", journal.CUSTOMER, now, message)
    leave_to_queue(db, conversation, now)


def _is_newer(known: datetime | None, at: datetime) -> bool:
    return known is not None and known >= at


def _find(db: Session, conversation: Conversation, line_message_id: str) -> Message | None:
    return db.scalars(
        select(Message).where(
            col(Message.conversation_id) == conversation.id,
            col(Message.line_message_id) == line_message_id,
            col(Message.sender) == "customer",
        )
    ).first()


def _rewrite(db: Session, conversation: Conversation, message: Message, changed_to: Edit) -> None:
    # What it quoted stays quoted, though an edit does not say it again.
    message.content, message.text = dict(changed_to.content), changed_to.text
    message.quote_token = token_of(changed_to.content, "customer") or message.quote_token
    findable.forget(db, "message", [message.id])
    findable.keep(db, conversation.account_id, "message", message.id, changed_to.text)
    erase_question(db, conversation.id, changed_to.line_message_id)
    last = conversation.last_message
    if last is not None and last["seq"] == message.seq:
        shown = (changed_to.text or "")[:SHOWN_TEXT] or None
        conversation.last_message = {**last, "text": shown}


def _line(changed_to: Edit) -> Line:
    return Line(
        "customer",
        "text",
        dict(changed_to.content),
        changed_to.at,
        text=changed_to.text,
        line_message_id=changed_to.line_message_id,
    )
