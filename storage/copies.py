"""What was made of words that a customer took back: it goes with them.

A turn copies what it hears: into the run and its log, the packet for staff, the card, what the bot
says next, the journal, and letters to staff. What the flows themselves say is not the customer's:
of a choice's label only the event goes. What an operator wrote stays theirs, but for a quotation.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, SQLModel, col

from storage import findable, journal, letters, persons
from storage.copied_words import REMOVED, is_copy, not_in, without, words_of
from storage.deliveries import may_change, reword
from storage.erasure import CLOCKS_APART
from storage.models.flows import FlowVersion, Run, RunEvent
from storage.models.people import CustomerField, CustomerTag
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.models.work import Arrival, Delivery, JournalEntry, Timer
from storage.retelling import retell
from storage.talks import SHOWN_TEXT, changed

SHOWN = (SHOWN_TEXT, letters.MOST_SIGNS)
_OF_RUN = ("state_before", "state_after", "effects", "context", "payload")
_OF_STAFF = ("draft", "whisper", "note")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back. words: all of it; own: what the flows do not say themselves."""

    conversation: Conversation
    message: Message
    words: Sequence[str]
    own: Sequence[str]

    @property
    def since(self) -> datetime:
        """When there can have been a first copy."""
        return self.message.at - CLOCKS_APART


def words_that_were_told(
    db: Session, conversation: Conversation, message: Message
) -> tuple[str, ...]:
    """What a message says, and what it said before it was changed."""
    told = [one for one in _entries(db, conversation, message) if _is_of(one, message)]
    said = [(one.payload["message"]["content"], one.payload["message"]["text"]) for one in told]
    said.append((message.content, message.text))
    return words_of(said, SHOWN)


def take_out(
    db: Session, conversation: Conversation, message: Message, words: Sequence[str], now: datetime
) -> None:
    """Erase the copies of a message that is erased itself. words: what it said."""
    db.flush()
    taken = Taken(conversation, message, words, not_in(words, _flows_of(db, conversation)))
    _from_runs(db, taken)
    _from_work(db, taken)
    _from_letters(db, taken)
    _from_journal(db, taken)
    touched: list[Handoff | Message | Note] = [*_from_handoffs(db, taken)]
    touched += _from_other_lines(db, taken)
    touched += _from_quotations(db, taken)
    for row in touched:
        changed(db, conversation, "message.unsent", journal.CUSTOMER, now, row)
    _from_card(db, taken, now)


def _flows_of(db: Session, conversation: Conversation) -> list[str]:
    walked = select(col(Run.hash)).where(col(Run.conversation_id) == conversation.id).distinct()
    bundles = select(col(FlowVersion.bundle)).where(col(FlowVersion.hash).in_(walked))
    return [json.dumps(bundle, ensure_ascii=False) for bundle in db.scalars(bundles)]


def _from_runs(db: Session, taken: Taken) -> None:
    customer_id = taken.conversation.customer_id
    runs = db.scalars(select(Run).where(col(Run.customer_id) == customer_id)).all()
    log = select(RunEvent).where(
        col(RunEvent.run_id).in_([run.id for run in runs]), col(RunEvent.at) >= taken.since
    )
    for event in db.scalars(log):
        _blank(db, event, _OF_RUN, taken.own)
        if is_copy(str(event.payload.get("text", "")), taken.words):
            event.payload = {**event.payload, "text": REMOVED}
    for run in runs:
        _blank(db, run, ("state",), taken.own)


def _from_work(db: Session, taken: Taken) -> None:
    """What waits to happen, to be done or to be said."""
    talk_id = taken.conversation.id
    timers = select(Timer).where(col(Timer.conversation_id) == talk_id)
    first = select(col(Arrival.id)).where(
        col(Arrival.account_id) == taken.conversation.account_id,
        col(Arrival.line_message_id) == taken.message.line_message_id,
    )
    inside = select(Arrival).where(
        col(Arrival.id) >= first.order_by(col(Arrival.id)).limit(1).scalar_subquery(),
        col(Arrival.conversation_id) == talk_id,
        col(Arrival.is_inside),
    )
    said = select(Delivery).where(
        col(Delivery.conversation_id) == talk_id,
        col(Delivery.created_at) >= taken.since,
        col(Delivery.is_automatic),
    )
    _blank_all(db, db.scalars(timers), ("data",), taken.own)
    _blank_all(db, db.scalars(inside), ("raw",), taken.own)
    for delivery in db.scalars(said.with_for_update()):
        if may_change(delivery):
            reword(delivery, without(delivery.messages, taken.own))
        elif delivery.ended_at is not None:
            _blank(db, delivery, ("messages",), taken.own)
        db.add(delivery)


def _from_letters(db: Session, taken: Taken) -> None:
    entries = _entries(db, taken.conversation, taken.message)
    for entry in (one for one in entries if _tells(one, taken.message)):
        for letter in letters.find_letters(db, entry, taken.since):
            letters.blank(db, letter, taken.words)


def _tells(entry: JournalEntry, message: Message) -> bool:
    """Whether a letter that tells of the entry may have quoted the message."""
    talk = entry.payload.get("conversation") or {}
    is_last = (talk.get("last_message") or {}).get("seq") == message.seq
    return is_last or entry.kind == "notice" or _is_of(entry, message)


def _is_of(entry: JournalEntry, message: Message) -> bool:
    return (entry.payload.get("message") or {}).get("id") == message.id


def _entries(db: Session, conversation: Conversation, message: Message) -> Sequence[JournalEntry]:
    told = select(JournalEntry).where(
        col(JournalEntry.conversation_id) == conversation.id,
        col(JournalEntry.at) >= message.at - CLOCKS_APART,
    )
    return db.scalars(told).all()


def _from_journal(db: Session, taken: Taken) -> None:
    conversation = taken.conversation
    told = select(JournalEntry).where(
        or_(
            col(JournalEntry.conversation_id) == conversation.id,
            col(JournalEntry.customer_id) == conversation.customer_id,
        ),
        col(JournalEntry.at) >= taken.since,
    )
    for entry in db.scalars(told):
        payload = {
            name: row if _is_anothers(name, row) else without(row, taken.own)
            for name, row in entry.payload.items()
        }
        if payload != entry.payload:
            entry.payload = payload
            db.add(entry)


def _is_anothers(name: str, row: Any) -> bool:
    """A line of the customer says itself what was taken back; what staff write is theirs."""
    if name == "message" and isinstance(row, dict):
        return row.get("sender") in {"customer", "operator"}
    return name in _OF_STAFF


def _from_handoffs(db: Session, taken: Taken) -> list[Handoff]:
    of_talk = select(Handoff).where(col(Handoff.conversation_id) == taken.conversation.id)
    names = ("answers", "note", "open_question", "reason")
    return [one for one in db.scalars(of_talk) if _blank(db, one, names, taken.own)]


def _from_other_lines(db: Session, taken: Taken) -> list[Message]:
    """What the bot said, and what is told of a handoff."""
    conversation = taken.conversation
    lines = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.sender).in_(["bot", "system"]),
        col(Message.at) >= taken.since,
    )
    told = [one for one in db.scalars(lines) if _blank(db, one, ("text", "content"), taken.own)]
    for line in told:
        findable.forget(db, "message", [line.id])
        findable.keep(db, conversation.account_id, "message", line.id, line.text)
    if taken.own and conversation.last_message is not None:
        conversation.last_message = _last(conversation.last_message, told)
        db.add(conversation)
    return told


def _last(shown: dict[str, Any], told: Sequence[Message]) -> dict[str, Any]:
    line = next((one for one in told if one.seq == shown["seq"]), None)
    return shown if line is None else {**shown, "text": line.text}


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


def _from_card(db: Session, taken: Taken, now: datetime) -> None:
    """What a flow wrote on the card, and why it did. A fact that was taken back is none."""
    customer_id = taken.conversation.customer_id
    tags = select(CustomerTag).where(col(CustomerTag.customer_id) == customer_id)
    _blank_all(db, db.scalars(tags), ("reason",), taken.own)
    fields = select(CustomerField).where(
        col(CustomerField.customer_id) == customer_id, col(CustomerField.at) >= taken.since
    )
    gone: dict[str, None] = {}
    for fact in db.scalars(fields).all():
        is_by_flow = "flow" in fact.reason
        if is_by_flow and isinstance(fact.value, str) and without(fact.value, taken.own) == REMOVED:
            gone[fact.key] = None
            db.delete(fact)
        else:
            _blank(db, fact, ("reason",), taken.own)
    if gone:
        db.flush()
        findable.refresh_customer(db, customer_id)
        person = persons.hold(db, customer_id)
        persons.changed(db, person, "customer.changed", journal.CUSTOMER, now, {"fields": gone})


def _blank_all(
    db: Session, rows: Iterable[SQLModel], names: Sequence[str], words: Sequence[str]
) -> None:
    for row in rows:
        _blank(db, row, names, words)


def _blank(db: Session, row: SQLModel, names: Sequence[str], words: Sequence[str]) -> bool:
    """Whether there was anything to take out."""
    before = {name: getattr(row, name) for name in names}
    after = {name: without(tree, words) for name, tree in before.items()}
    if after == before:
        return False
    for name, tree in after.items():
        setattr(row, name, tree)
    db.add(row)
    return True
