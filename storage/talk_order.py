"""In which order lists show talks, and how a page of them is read.

An order is a row of stretches, each of them sorted by columns that are never empty there: so both
databases agree on what comes first, and a page is read from an index that is sorted so and holds
all that a filter looks at; whole rows are read for the page alone. To add an order, add a line to
SORTS and an index to the table, and its rule to `console/web/src/desk/views.ts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    UnaryExpression,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Mapped
from sqlalchemy.sql import visitors
from sqlalchemy.sql.operators import custom_op
from sqlmodel import Session, col

from storage.cursors import read_cursor, write_cursor
from storage.dialects import is_sqlite
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
_BY_CHANGE = (Key("updated_at", is_falling=True), _ID)
_BY_WAIT = (Key("waiting_since"), *_BY_CHANGE)
_BY_LAST_MESSAGE = (Key("last_message_at", is_falling=True), _ID)
_WAITS = col(Conversation.waiting_since).is_not(None)
_RESTS = col(Conversation.waiting_since).is_(None)
_IS_SAID = col(Conversation.last_message_at).is_not(None)
_IS_UNSAID = col(Conversation.last_message_at).is_(None)
# Written out, because a partial index is used only where the condition itself can be read.
_IS_UNSEEN = col(Conversation.unseen_count) > literal_column("0")
_IS_SEEN = col(Conversation.unseen_count) == 0
_BY_IDS = select(Conversation).where(col(Conversation.id).in_(bindparam("ids", expanding=True)))

SORTS: dict[Sort, tuple[Stretch, ...]] = {
    "wait": (
        Stretch((_WAITS,), _BY_WAIT),
        Stretch((_RESTS,), _BY_CHANGE),
    ),
    "newest": (
        Stretch((_IS_SAID,), _BY_LAST_MESSAGE),
        Stretch((_IS_UNSAID,), _BY_CHANGE),
    ),
    "unseen": (
        Stretch((_IS_UNSEEN, _WAITS), _BY_WAIT),
        Stretch((_IS_UNSEEN, _RESTS), _BY_CHANGE),
        Stretch((_IS_SEEN, _WAITS), _BY_WAIT),
        Stretch((_IS_SEEN, _RESTS), _BY_CHANGE),
    ),
}


def page_in_order(
    db: Session,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[Conversation], str | None]:
    """One page of the talks that fulfil these, and the cursor of the next. Raises NotFound."""
    stretches = SORTS[sort]
    first, after = (0, None) if cursor is None else _read(cursor, stretches)
    if is_sqlite(db):
        conditions = [_without_index(condition) for condition in conditions]
    query = select(col(Conversation.id)).where(*conditions)
    found: list[tuple[int, str]] = []
    for number in range(first, len(stretches)):
        part = _sorted(query, stretches[number], after if number == first else None)
        found += [(number, id_) for id_ in db.scalars(part.limit(limit + 1 - len(found)))]
        if len(found) > limit:
            break
    page = _whole_rows(db, [id_ for _, id_ in found[:limit]])
    following = _write(found[limit - 1][0], page[-1], stretches) if len(found) > limit else None
    return page, following


def _whole_rows(db: Session, ids: Sequence[str]) -> list[Conversation]:
    rows = {row.id: row for row in db.scalars(_BY_IDS, {"ids": list(ids)})}
    return [rows[id_] for id_ in ids]


def _without_index(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same; a plus before a column keeps SQLite from looking it up in the column's own index,
    which without statistics it would rather do than read an index in the order that is asked for.
    """

    def plain(element: Any, **_more: Any) -> Any:
        is_own = isinstance(element, Column) and element.table.name == Conversation.__tablename__
        return UnaryExpression(element, operator=custom_op("+")) if is_own else None

    return visitors.replacement_traverse(condition, {}, plain)


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
