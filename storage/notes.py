"""What operators write for each other about a talk: added, put into other words, deleted.

Of words that are gone nothing is kept: not in the note, not among what is searched, not in what
the journal has told of it, nor in the drafts that became it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage import findable, journal, mentions, rows
from storage.models.operators import Operator
from storage.models.talks import Conversation, Note
from storage.refusals import NotFound, StaleNote
from storage.retelling import retell
from storage.talks import changed, lock


@dataclass(frozen=True, slots=True)
class Rewording:
    """A note's new words. version: the one that was looked at; calls: ids of operators."""

    version: int
    text: str
    calls: Sequence[str] = ()


def add_note(  # noqa: PLR0913 # a note is who, where, what, when, and whom it calls
    db: Session, conversation_id: str, operator: Operator, client_note_id: str, text: str,
    *, now: datetime, calls: Sequence[str] = (),
) -> tuple[Note, bool]:  # fmt: skip
    """Write down something for colleagues; the same `client_note_id` again is the same note.

    calls: ids of the operators whom it mentions.
    """
    conversation = lock(db, conversation_id)
    known = _find_sent(db, conversation.id, client_note_id)
    if known is not None:
        return known, False
    note = Note(
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        client_note_id=client_note_id,
        operator_id=operator.id,
        text=text,
        mentions=list(calls),
        at=now,
    )
    db.add(note)
    db.flush()
    mentions.call(db, conversation, note, calls, now)
    findable.keep(db, conversation.account_id, "note", note.id, text)
    changed(db, conversation, "note.added", journal.actor_of(operator), now, note)
    return note, True


def get_note(db: Session, note_id: str) -> Note:
    """Raises NotFound."""
    note = db.get(Note, note_id)
    if note is None:
        raise NotFound("there is no such note")
    return note


def edit_note(db: Session, note_id: str, by: Operator, to: Rewording, now: datetime) -> Note:
    """Other words; only whom they call anew is told of it. The same words again are nothing new.

    Raises NotFound, and StaleNote when it was changed or deleted since it was looked at.
    """
    conversation, note = _locked(db, note_id)
    is_same = (note.text, note.mentions or []) == (to.text, list(to.calls))
    if is_same and note.deleted_at is None:
        return note
    _check_version(db, note, to.version)
    anew = [one for one in to.calls if one not in (note.mentions or ())]
    note.text, note.mentions, note.edited_at = to.text, list(to.calls), now
    note.version += 1
    db.add(note)
    mentions.call(db, conversation, note, to.calls, now)
    findable.forget(db, "note", [note.id])
    findable.keep(db, conversation.account_id, "note", note.id, to.text)
    retell(db, note)
    called, who = {"to": anew}, journal.actor_of(by)
    changed(db, conversation, "note.edited", who, now, note, called=called)
    return note


def delete_note(db: Session, note_id: str, by: Operator, version: int, now: datetime) -> Note:
    """That there was one stays, its words do not. One that is deleted already stays as it is.

    Raises NotFound, and StaleNote when it was changed since it was looked at.
    """
    conversation, note = _locked(db, note_id)
    if note.deleted_at is not None:
        return note
    _check_version(db, note, version)
    note.text, note.mentions = "", []
    note.deleted_at, note.deleted_by = now, by.id
    note.version += 1
    db.add(note)
    mentions.call(db, conversation, note, (), now)
    findable.forget(db, "note", [note.id])
    retell(db, note)
    changed(db, conversation, "note.deleted", journal.actor_of(by), now, note)
    return note


def _locked(db: Session, note_id: str) -> tuple[Conversation, Note]:
    """The talk first, as every verb does; then the note as it is now."""
    conversation = lock(db, get_note(db, note_id).conversation_id)
    return conversation, db.get_one(Note, note_id, with_for_update=True, populate_existing=True)


def _check_version(db: Session, note: Note, version: int) -> None:
    if note.version != version or note.deleted_at is not None:
        raise StaleNote(note=rows.note_row(db, note))


def _find_sent(db: Session, conversation_id: str, client_note_id: str) -> Note | None:
    """The note that a browser sent under this id."""
    return db.scalars(
        select(Note).where(
            col(Note.conversation_id) == conversation_id,
            col(Note.client_note_id) == client_note_id,
        )
    ).first()
