"""What was made of words that a customer took back: it goes with them.

A turn copies what it hears: into the run and its log, the packet for staff, the card, what the bot
says next, the journal, and letters to staff. What the flows themselves say is not the customer's:
of a choice's label only the event goes. What an operator wrote stays theirs, but for a quotation.
Only what stands where words may stand is touched (`word_places`). The runs of the customer's other
talks are left as they are, because a turn of theirs may be under way.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage import copies_of_turns, copies_shown, journal, letters
from storage.copied_words import longest_first, words_of
from storage.erasure import CLOCKS_APART
from storage.heard import heard_in
from storage.models.flows import Run, RunEvent
from storage.models.talks import Conversation, Message
from storage.models.work import JournalEntry
from storage.sayings import own_words, sayings_of_talk, spared_pieces
from storage.taken import Taken
from storage.talks import SHOWN_TEXT, changed

SHOWN = (SHOWN_TEXT, letters.MOST_SIGNS)


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
    if not words:
        return
    db.flush()
    taken = _taken(db, conversation, message, words)
    gone = copies_shown.from_card(db, taken, now)
    copies_of_turns.from_runs(db, taken, gone)
    copies_of_turns.from_work(db, taken)
    _from_letters(db, taken)
    for row in copies_shown.from_talk(db, taken):
        changed(db, conversation, "message.unsent", journal.CUSTOMER, now, row)
    copies_shown.from_journal(db, taken, gone)


def _taken(
    db: Session, conversation: Conversation, message: Message, words: Sequence[str]
) -> Taken:
    since = message.at - CLOCKS_APART
    log = select(RunEvent).where(
        col(RunEvent.run_id).in_(
            select(col(Run.id)).where(col(Run.conversation_id) == conversation.id)
        ),
        col(RunEvent.at) >= since,
    )
    heard = heard_in(db, conversation.account_id, message, db.scalars(log).all())
    sayings = sayings_of_talk(db, conversation.id)
    own = own_words(longest_first({*words, *heard.values}), sayings)
    return Taken(
        conversation, message, words, own, spared_pieces({*own, *words}, sayings), heard, since
    )


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
