"""What the two databases say differently: upserts, the count of changed rows, a lane's lock."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Float,
    Result,
    bindparam,
    cast,
    extract,
    func,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import Session

from storage.prepared import Prepared

DAY_S = 86_400
_WAIT_FOR_LANE = text("SELECT pg_advisory_xact_lock(hashtextextended(:lane, 0))")


def is_sqlite(db: Session) -> bool:
    """Whether one writer at a time is the database's own rule."""
    return db.get_bind().dialect.name == "sqlite"


def insert_into(db: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, which both databases have and SQLAlchemy tells apart."""
    return sqlite.insert(table) if is_sqlite(db) else postgresql.insert(table)


def insert_once(db: Session, table: Any, row: Mapping[str, Any], key: Sequence[str]) -> bool:
    """Insert unless a row of that key is there; whether it was inserted."""
    once = _insert_once(db.get_bind().dialect.name, table, tuple(row), tuple(key))
    return once.first(db, row) is not None


@cache
def _insert_once(
    dialect: str, table: Any, names: tuple[str, ...], key: tuple[str, ...]
) -> Prepared:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).values({name: bindparam(name) for name in names})
    once = statement.on_conflict_do_nothing(index_elements=key)
    # A returned key, because a count of rows is not told for every kind of INSERT.
    return Prepared(once.returning(getattr(table, key[0])))


def rowcount(result: Result[Any]) -> int:
    """How many rows a statement changed."""
    return result.rowcount if isinstance(result, CursorResult) else 0


def seconds_between(db: Session, begin: Mapped[Any], end: Mapped[Any]) -> ColumnElement[float]:
    """The length of a stretch of time, worked out by the database."""
    if is_sqlite(db):
        return (func.julianday(end) - func.julianday(begin)) * DAY_S
    return cast(extract("epoch", end - begin), Float)


def hold_lane(db: Session, lane: str) -> None:
    """Wait until nobody else serves this person of LINE, and keep it so until the unit ends.

    Or whatever else has a name that only one may hold.
    """
    if not is_sqlite(db):
        db.execute(_WAIT_FOR_LANE, {"lane": lane})


def lane_lock(lane: ColumnElement[str]) -> ColumnElement[bool]:
    """PostgreSQL: the same without waiting; false when somebody else serves them now."""
    return func.pg_try_advisory_xact_lock(func.hashtextextended(lane, 0))
