"""What was told of a note is told anew once its words are others, or gone.

A journal entry keeps the row as it was; of a note that would keep words which their writer took
back. So whoever reads the past reads the note's words of today. What an entry decided by (whom it
called, its version) stays. The drafts that a note was written in, and LINE's letters that quoted
it, go with it; a letter that still waits says the new words, or does not leave any more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import letters
from storage.models.drafting import Draft
from storage.models.talks import Note
from storage.models.work import JournalEntry
from storage.rows import moment

_NOTES = ("note.added", "note.edited", "whispered", "message.unsent")
_DRAFTS = ("draft.shared", "draft.changed", "draft.unshared", "draft.taken")
_Payload = dict[str, Any]


def retell(db: Session, note: Note) -> None:
    """Put today's words in the place of those that were told. The caller journals the change."""
    told = [entry for entry in _entries(db, note, _NOTES, note.at) if _is_of(entry, note)]
    for entry in told:
        _retell_letters(db, note, entry)
        entry.payload = _as_now(entry.payload, note)
        db.add(entry)
    _forget_drafts(db, note)


def _entries(
    db: Session, note: Note, kinds: Sequence[str], since: datetime | None = None
) -> Sequence[JournalEntry]:
    query = select(JournalEntry).where(
        col(JournalEntry.conversation_id) == note.conversation_id,
        col(JournalEntry.kind).in_(kinds),
    )
    if since is not None:
        query = query.where(col(JournalEntry.at) >= since)
    return db.scalars(query.with_for_update()).all()


def _is_of(entry: JournalEntry, note: Note) -> bool:
    """A whisper is told in the same moment as the note that it is."""
    if "note" in entry.payload:
        return bool(entry.payload["note"]["id"] == note.id)
    return entry.at == note.at and entry.actor.get("id") == note.operator_id


def _as_now(payload: _Payload, note: Note) -> _Payload:
    if "whisper" in payload:
        return {**payload, "whisper": {**payload["whisper"], "text": note.text}}
    now: _Payload = {"text": note.text, "deleted_at": moment(note.deleted_at)}
    if note.deleted_at is not None:
        now["mentions"] = []
    return {**payload, "note": {**payload["note"], **now}}


def _retell_letters(db: Session, note: Note, entry: JournalEntry) -> None:
    """Letters to operators' own LINE say what the entry said, until they are told otherwise."""
    told = entry.payload.get("note") or entry.payload["whisper"]
    for letter in letters.find_letters(db, entry, note.at):
        if note.deleted_at is not None:
            letters.cancel(db, letter, note.deleted_at)
        else:
            letters.reword(db, letter, told["text"], note.text)


def _forget_drafts(db: Session, note: Note) -> None:
    """A draft that was shared and is written on says nothing any more of what it said before."""
    of_talk = col(Draft.conversation_id) == note.conversation_id
    drafts = db.scalars(select(Draft).where(of_talk, col(Draft.kind) == "note")).all()
    versions = {draft.id: draft.version for draft in drafts}
    for entry in _entries(db, note, _DRAFTS):
        draft = entry.payload.get("draft") or {}
        if draft.get("version", 0) < versions.get(draft.get("id", ""), 0):
            entry.payload = {**entry.payload, "draft": {**draft, "text": ""}}
            db.add(entry)
