"""Copies of what was taken back in what people see: the card, the talk, and the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import findable, journal, persons
from storage.copied_words import REMOVED, is_copy, shown
from storage.models.people import CustomerField, CustomerTag
from storage.models.talks import Handoff, Message, Note
from storage.models.work import JournalEntry
from storage.retelling import retell
from storage.taken import Taken
from storage.talks import SHOWN_TEXT
from storage.word_places import blank_fields, change_values, change_words

_OF_STAFF = ("draft", "whisper", "note", "scheduled")


def from_card(db: Session, taken: Taken, now: datetime) -> dict[str, Any]:
    """What a flow wrote on the card, and why it did; the facts that are gone.

    A fact in which the words stood is none any more.
    """
    customer_id = taken.conversation.customer_id
    for tag in db.scalars(select(CustomerTag).where(col(CustomerTag.customer_id) == customer_id)):
        taken.blank_reason(db, tag)
    fields = select(CustomerField).where(
        col(CustomerField.customer_id) == customer_id, col(CustomerField.at) >= taken.since
    )
    gone: dict[str, Any] = {}
    for fact in db.scalars(fields).all():
        if "flow" in fact.reason and _has_words(taken, fact):
            gone[fact.key] = fact.value
            db.delete(fact)
        else:
            taken.blank_reason(db, fact)
    if gone:
        db.flush()
        findable.refresh_customer(db, customer_id)
        person = persons.hold(db, customer_id)
        told = {"fields": dict.fromkeys(gone)}
        persons.changed(db, person, "customer.changed", journal.CUSTOMER, now, told)
    return gone


def _has_words(taken: Taken, fact: CustomerField) -> bool:
    """A short number is theirs only if the very turn wrote it that heard them."""
    if change_values({"": fact.value}, taken.change)[""] != fact.value:
        return True
    return (
        isinstance(fact.value, str | int | float)
        and not isinstance(fact.value, bool)
        and is_copy(shown(fact.value), taken.own)
        and any(turn.at == fact.at for turn in taken.heard.turns)
    )


def from_talk(db: Session, taken: Taken) -> list[Handoff | Message | Note]:
    """The rows of the talk that are others now."""
    return [
        *_from_handoffs(db, taken),
        *_from_other_lines(db, taken),
        *_from_quotations(db, taken),
    ]


def _from_handoffs(db: Session, taken: Taken) -> list[Handoff]:
    found = []
    of_talk = select(Handoff).where(col(Handoff.conversation_id) == taken.conversation.id)
    for one in db.scalars(of_talk):
        is_other = taken.blank_texts(db, one, "note", "open_question")
        if taken.blank_trees(db, one, "answers", "reason") or is_other:
            found.append(one)
    return found


def _from_other_lines(db: Session, taken: Taken) -> list[Message]:
    """What the bot said, and what is told of a handoff."""
    conversation = taken.conversation
    lines = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.sender).in_(["bot", "system"]),
        col(Message.at) >= taken.since,
    )
    told = []
    for line in db.scalars(lines):
        is_other = taken.blank_texts(db, line, "text")
        if taken.blank_trees(db, line, "content") or is_other:
            told.append(line)
    for line in told:
        findable.forget(db, "message", [line.id])
        findable.keep(db, conversation.account_id, "message", line.id, line.text)
    if told and conversation.last_message is not None:
        conversation.last_message = _last(conversation.last_message, told)
        db.add(conversation)
    return told


def _last(shown_last: dict[str, Any], told: Sequence[Message]) -> dict[str, Any]:
    line = next((one for one in told if one.seq == shown_last["seq"]), None)
    return shown_last if line is None else {**shown_last, "text": (line.text or "")[:SHOWN_TEXT]}


def _from_quotations(db: Session, taken: Taken) -> list[Note]:
    """A line of a note that is the customer's words, with or without a mark of quotation."""
    query = select(Note).where(
        col(Note.conversation_id) == taken.conversation.id,
        col(Note.at) >= taken.since,
        col(Note.deleted_at).is_(None),
    )
    found = []
    for note in db.scalars(query.with_for_update()):
        lines = [REMOVED if is_copy(one, taken.words) else one for one in note.text.split("\n")]
        if "\n".join(lines) != note.text:
            note.text, note.version = "\n".join(lines), note.version + 1
            db.add(note)
            findable.forget(db, "note", [note.id])
            findable.keep(db, taken.conversation.account_id, "note", note.id, note.text)
            retell(db, note)
            found.append(note)
    return found


def from_journal(db: Session, taken: Taken, gone: dict[str, Any]) -> None:
    """What the consoles were told. gone: of the card."""
    conversation = taken.conversation
    told = select(JournalEntry).where(
        or_(
            col(JournalEntry.conversation_id) == conversation.id,
            col(JournalEntry.customer_id) == conversation.customer_id,
        ),
        col(JournalEntry.at) >= taken.since,
    )
    for entry in db.scalars(told):
        after = blank_fields(_without(taken, entry.payload), gone, REMOVED)
        if after != entry.payload:
            entry.payload = after
            db.add(entry)


def _without(taken: Taken, payload: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = change_words(payload, taken.change)
    theirs = {name: row for name, row in payload.items() if _is_anothers(name, row)}
    return {**changed, **theirs}


def _is_anothers(name: str, row: Any) -> bool:
    """A line of the customer says itself what was taken back; what staff write is theirs."""
    if name == "message" and isinstance(row, dict):
        return row.get("sender") in {"customer", "operator"}
    return name in _OF_STAFF
