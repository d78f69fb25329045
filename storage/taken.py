"""What was taken back, and what is left of a value in which it stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from storage.copied_words import REMOVED, is_copy, is_short_number, shown, without
from storage.heard import Heard
from storage.models.talks import Conversation, Message
from storage.word_places import Leaf, change_reason, change_text, change_words


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back. words: all that it said; own: what the flows do not say themselves, with
    what was understood by it; spared: what the flows say that has such words in it; since: when
    there can have been a first copy.
    """

    conversation: Conversation
    message: Message
    words: Sequence[str]
    own: Sequence[str]
    spared: Sequence[str]
    heard: Heard
    since: datetime

    def change(self, leaf: Leaf, *, is_map: bool) -> Leaf:
        """A value without it. A short number among values is another's, as far as is known."""
        if is_map and is_short_number(leaf):
            return leaf
        if isinstance(leaf, str):
            return without(leaf, self.own, self.spared)
        return REMOVED if is_copy(shown(leaf), self.own) else leaf

    def blank_trees(self, db: Session, row: SQLModel, *names: str) -> bool:
        """Change these columns, trees all; whether there was anything to take out."""
        return _write(db, row, {n: change_words(getattr(row, n), self.change) for n in names})

    def blank_texts(self, db: Session, row: SQLModel, *names: str) -> bool:
        """The same of columns that are words themselves."""
        return _write(db, row, {n: change_text(getattr(row, n), self.change) for n in names})

    def blank_reason(self, db: Session, row: Any) -> bool:
        """The same of why something is on a card."""
        return _write(db, row, {"reason": change_reason(row.reason, self.change)})


def _write(db: Session, row: SQLModel, after: dict[str, Any]) -> bool:
    new = {name: value for name, value in after.items() if value != getattr(row, name)}
    for name, value in new.items():
        setattr(row, name, value)
    if new:
        db.add(row)
    return bool(new)
