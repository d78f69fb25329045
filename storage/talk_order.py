"""In which order lists show talks, and how a page of them is read.

An order is a row of stretches, each of them sorted by columns that are never empty there: so the
database reads a page from an index, and both databases agree on what comes first. To add an order,
add a line to SORTS, here and in `console/web/src/desk/views.ts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from storage.cursors import read_cursor, write_cursor
from storage.models.talks import Conversation
from storage.refusals import NotFound

Sort = Literal["wait", "newest", "unseen"]
ORDERS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Key:
    """A column to sort by. name: of the attribute."""

    name: str
    kind: type = datetime
    is_falling: bool = False

    @property
    def column(self) -> Mapped[Any]:
        """The same in a query."""
        return col(getattr(Conversation, self.name))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Talks that fulfil all of these, sorted by these keys; the last is the id."""

    where: tuple[ColumnElement[bool], ...]
    keys: tuple[Key, ...]


_ID = Key("id", str)
_CHANGED_LAST = Key("updated_at", is_falling=True)
_WAITS = col(Conversation.waiting_since).is_not(None)
_RESTS = col(Conversation.waiting_since).is_(None)
_IS_UNSEEN = col(Conversation.unseen_count) > 0
_IS_SEEN = col(Conversation.unseen_count) == 0
_LONGEST_FIRST = (Key("waiting_since"), _CHANGED_LAST, _ID)
_NEWEST_FIRST = (Key("last_message_at", is_falling=True), _ID)

SORTS: dict[Sort, tuple[Stretch, ...]] = {
    "wait": (Stretch((_WAITS,), _LONGEST_FIRST), Stretch((_RESTS,), (_CHANGED_LAST, _ID))),
    "newest": (
        Stretch((col(Conversation.last_message_at).is_not(None),), _NEWEST_FIRST),
        Stretch((col(Conversation.last_message_at).is_(None),), (_CHANGED_LAST, _ID)),
    ),
    "unseen": (
        Stretch((_IS_UNSEEN, _WAITS), _LONGEST_FIRST),
        Stretch((_IS_UNSEEN, _RESTS), (_CHANGED_LAST, _ID)),
        Stretch((_IS_SEEN, _WAITS), _LONGEST_FIRST),
        Stretch((_IS_SEEN, _RESTS), (_CHANGED_LAST, _ID)),
    ),
}


def page_in_order(
    db: Session, query: Any, sort: Sort, cursor: str | None, limit: int
) -> tuple[Sequence[Conversation], str | None]:
    """One page of a query of talks, and the cursor of the next. Raises NotFound for no cursor."""
    stretches = SORTS[sort]
    first, after = (0, None) if cursor is None else _read(cursor, stretches)
    found: list[tuple[int, Conversation]] = []
    for number in range(first, len(stretches)):
        part = _sorted(query, stretches[number], after if number == first else None)
        rest = limit + 1 - len(found)
        found += [(number, talk) for talk in db.scalars(part.limit(rest))]
        if len(found) > limit:
            return [talk for _, talk in found[:limit]], _write(*found[limit - 1], stretches)
    return [talk for _, talk in found], None


def _sorted(query: Any, stretch: Stretch, after: Sequence[Any] | None) -> Any:
    query = query.where(*stretch.where)
    if after is not None:
        query = query.where(*_beyond(stretch.keys, after))
    return query.order_by(*(k.column.desc() if k.is_falling else k.column for k in stretch.keys))


def _beyond(keys: Sequence[Key], after: Sequence[Any]) -> list[ColumnElement[bool]]:
    """Behind these values in the order; the first key alone too, for the sake of the index."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, after, strict=True):
        ways.append(and_(*same, key.column < value if key.is_falling else key.column > value))
        same.append(key.column == value)
    first, value = keys[0].column, after[0]
    return [first <= value if keys[0].is_falling else first >= value, or_(*ways)]


def _write(number: int, last: Conversation, stretches: Sequence[Stretch]) -> str:
    values = [getattr(last, key.name) for key in stretches[number].keys]
    return f"{number}.{write_cursor(values)}"


def _read(cursor: str, stretches: Sequence[Stretch]) -> tuple[int, list[Any]]:
    number, _, place = cursor.partition(".")
    if number not in {str(n) for n in range(len(stretches))}:
        raise NotFound("this page of the list does not exist")
    return int(number), read_cursor(place, [key.kind for key in stretches[int(number)].keys])
