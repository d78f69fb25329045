"""What the two databases say differently: upserts, the count of changed rows, a lane's lock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from json import JSONEncoder
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Float,
    Result,
    Text,
    bindparam,
    cast,
    column,
    extract,
    func,
    select,
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


def insert_each_once(
    db: Session, table: Any, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> list[bool]:
    """The same for several rows of the same columns, in their order; whether each was inserted.

    One statement on PostgreSQL, where each is a way there and back.
    """
    if is_sqlite(db) or not rows:
        return [insert_once(db, table, row, key) for row in rows]
    once = _insert_each_once(table, tuple(rows[0]), tuple(key))
    inserted = set(once.all(db, {"rows": _ROWS_AS_JSON(rows)}))
    return [_take_out(inserted, tuple(row[name] for name in key)) for row in rows]


@cache
def _insert_each_once(table: Any, names: tuple[str, ...], key: tuple[str, ...]) -> Prepared:
    columns = [column(name, table.__table__.c[name].type) for name in names]
    told = func.json_to_recordset(cast(bindparam("rows", type_=Text), postgresql.JSON))
    rows = told.table_valued(*columns).render_derived(name="told", with_types=True)
    statement = postgresql.insert(table).from_select(list(names), select(rows))
    once = statement.on_conflict_do_nothing(index_elements=key)
    return Prepared(once.returning(*(getattr(table, name) for name in key)))


def _take_out(keys: set[Any], key: Any) -> bool:
    """Whether it was among them; the first of several rows of one key is the one that went in."""
    was_there = key in keys
    keys.discard(key)
    return was_there


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {value!r}")
    return value.isoformat()


_ROWS_AS_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_moment).encode


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
