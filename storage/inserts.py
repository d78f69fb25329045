"""Insert a row at once, past the unit of work: the hot path's rows need no flush of their own.

The row is in the session afterwards as if it had been loaded, so later changes of it are tracked,
and it is kept at hand until the unit ends: a session by itself forgets what nobody holds.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel


def add_now(db: Session, row: SQLModel) -> None:
    """Write a new row; a numbered one gets its id."""
    statement, names, is_numbered = _statement(type(row))
    values = {name: getattr(row, name) for name in names}
    result = db.connection().execute(statement, values)
    if is_numbered:
        (number,) = result.inserted_primary_key or (None,)
        setattr(row, "id", number)  # noqa: B010 # every numbered table has an id
    make_transient_to_detached(row)
    db.add(row)
    keep_at_hand(db, [row])


def keep_at_hand(db: Session, rows: Iterable[SQLModel]) -> None:
    """Hold rows until the unit ends, so that asking for them again costs nothing."""
    db.info.setdefault("at_hand", []).extend(rows)


@cache
def _statement(model: type[SQLModel]) -> tuple[Insert, tuple[str, ...], bool]:
    table: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    numbered: Any = table.autoincrement_column
    names = tuple(column.name for column in table.columns if column is not numbered)
    return insert(table), names, numbered is not None
