"""What was told of a note is told anew once its words are others, or gone.

A journal entry keeps the row as it was; of a note that would keep words which their writer took
back. So whoever reads the past reads the note's words of today. What an entry decided by (whom it
called, its version) stays. The drafts that a note was written in, and LINE's letters that quoted
it, go with it; a letter that still waits does not leave any more once its note is deleted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from sqlalchemy import select
from sqlmodel import Session, col

from storage.deliveries import RETRY_KEYS, renewed
from storage.models.drafting import Draft
from storage.models.notices import OperatorFriend
from storage.models.talks import Note
from storage.models.work import Delivery, JournalEntry
from storage.outcomes import end
from storage.rows import moment

_NOTES = ("note.added", "note.edited", "whispered")
_DRAFTS = ("draft.shared", "draft.changed", "draft.unshared", "draft.taken")
MOST_RENEWALS = 80  # of a letter's key: one in twelve hours, while the month is used up
_Payload = dict[str, Any]


def retell(db: Session, note: Note) -> None:
    """Put today's words in the place of those that were told. The caller journals the change."""
    told = [entry for entry in _entries(db, note, _NOTES, note.at) if _is_of(entry, note)]
    for entry in told:
        entry.payload = _as_now(entry.payload, note)
        db.add(entry)
    _forget_drafts(db, note)
    for entry in told:
        _forget_letters(db, note, entry)


def letter_of(operator_id: str, account_id: str, entry_id: int) -> str:
    """What names the letter by LINE that tells somebody of an entry."""
    return f"notice:{operator_id}:{account_id}:{entry_id}"


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


def _forget_letters(db: Session, note: Note, entry: JournalEntry) -> None:
    """Letters to operators' own LINE that have left: here too they say nothing of it any more."""
    for friend in db.scalars(select(OperatorFriend)):
        source = letter_of(friend.operator_id, entry.account_id, entry.id)
        letters = select(Delivery).where(
            col(Delivery.conversation_id) == friend.conversation_id,
            col(Delivery.retry_key).in_(_keys(f"{friend.account_id}:{source}")),
            col(Delivery.created_at) >= note.at,
        )
        for letter in db.scalars(letters.with_for_update()):
            _forget_letter(db, note, letter)


def _forget_letter(db: Session, note: Note, letter: Delivery) -> None:
    """One that LINE may have accepted keeps its words until that is known: a key has one body."""
    is_waiting = letter.state == "pending" and not letter.is_unsure
    if is_waiting and note.deleted_at is not None:
        letter.held = None
        end(letter, "cancelled", None, note.deleted_at)
    if letter.ended_at is not None:
        letter.messages = [{"type": "text", "text": ""}]
    db.add(letter)


def _keys(source: str) -> list[str]:
    keys = [str(uuid5(RETRY_KEYS, source))]
    for _ in range(MOST_RENEWALS):
        keys.append(renewed(keys[-1]))
    return keys
