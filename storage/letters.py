"""The letters by LINE that told staff of a journal entry: found again when its words change."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid5

from sqlalchemy import select
from sqlmodel import Session, col

from storage import deliveries
from storage.copied_words import without
from storage.deliveries import RETRY_KEYS, may_change, renewed, take_words
from storage.models.notices import OperatorFriend
from storage.models.work import Delivery, JournalEntry
from storage.outcomes import end
from storage.word_places import Leaf, change_words

MOST_SIGNS = 140  # of what somebody wrote, in one letter
MOST_RENEWALS = 80  # of a letter's key: one in twelve hours, while the month is used up


def letter_of(operator_id: str, account_id: str, entry_id: int) -> str:
    """What names the letter by LINE that tells somebody of an entry."""
    return f"notice:{operator_id}:{account_id}:{entry_id}"


def find_letters(db: Session, entry: JournalEntry, since: datetime) -> Iterator[Delivery]:
    """Those that tell of an entry, held until the unit ends."""
    for friend in db.scalars(select(OperatorFriend)).all():
        source = letter_of(friend.operator_id, entry.account_id, entry.id)
        letters = select(Delivery).where(
            col(Delivery.conversation_id) == friend.conversation_id,
            col(Delivery.retry_key).in_(_keys(f"{friend.account_id}:{source}")),
            col(Delivery.created_at) >= since,
        )
        yield from db.scalars(letters.with_for_update()).all()


def cancel(db: Session, letter: Delivery, now: datetime) -> None:
    """What it tells of is gone: it does not leave any more, and says nothing where it has left."""
    if may_change(letter):
        letter.held = None
        end(letter, "cancelled", None, now)
    _empty(db, letter)


def reword(db: Session, letter: Delivery, old: str, new: str) -> None:
    """A letter that waits says the new words; of one that has left nothing is kept."""
    if may_change(letter):
        messages = letter.messages
        for one in (old.strip(), old[:MOST_SIGNS].strip()):
            messages = _replaced(messages, one, new[:MOST_SIGNS].strip())
        deliveries.reword(letter, messages)
    _empty(db, letter)


def blank(db: Session, letter: Delivery, words: Sequence[str]) -> None:
    """A letter that waits says all but these words; of one that has left nothing is kept."""
    if may_change(letter):
        deliveries.reword(letter, change_words(letter.messages, partial(_without, words)))
    _empty(db, letter)


def _without(words: Sequence[str], leaf: Leaf, *, is_map: bool) -> Leaf:  # noqa: ARG001 # a Change
    return without(leaf, words) if isinstance(leaf, str) else leaf


def _empty(db: Session, letter: Delivery) -> None:
    """One that is under way is emptied when it ends: until then LINE may be asked again."""
    if not may_change(letter):
        take_words(letter, [{"type": "text", "text": ""} for _ in letter.messages])
    db.add(letter)


def _replaced(messages: Sequence[dict[str, Any]], old: str, new: str) -> list[dict[str, Any]]:
    return [
        {**one, "text": one["text"].replace(old, new)} if old and "text" in one else one
        for one in messages
    ]


def _keys(source: str) -> list[str]:
    keys = [str(uuid5(RETRY_KEYS, source))]
    for _ in range(MOST_RENEWALS):
        keys.append(renewed(keys[-1]))
    return keys
