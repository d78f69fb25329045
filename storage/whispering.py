"""A word of a supervisor to whoever holds a talk: a note that is also shown to them at once.

The customer never sees it. It goes through the journal, so that who is off the line for a moment
sees it when they are back.
"""

from datetime import datetime

from sqlmodel import Session

from storage import journal
from storage.lookups import people_of
from storage.models.operators import Operator
from storage.models.talks import Note
from storage.notes import add_note
from storage.refusals import NobodyHolds
from storage.talks import lock


def whisper(
    db: Session, conversation_id: str, by: Operator, client_note_id: str, text: str,
    *, now: datetime,
) -> tuple[Note, bool]:  # fmt: skip
    """The note, and whether it is new. Raises NobodyHolds, also for one's own talk."""
    conversation = lock(db, conversation_id)
    to = conversation.assignee_id
    if to is None or to == by.id or conversation.status in {"bot", "done"}:
        raise NobodyHolds
    note, is_new = add_note(db, conversation_id, by, client_note_id, text, now=now)
    if is_new:
        name, _, _ = people_of(db, [conversation.friend_id])[conversation.friend_id]
        told = {"to": to, "from": by.name, "text": text, "customer_name": name}
        entry = journal.Entry(
            conversation.account_id,
            "whispered",
            {"whisper": told},
            journal.actor_of(by),
            now,
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
        )
        journal.record(db, entry)
    return note, is_new
