"""Statements of the hot path: written once in SQLAlchemy, compiled once, run by the driver itself.

SQLAlchemy's own execution costs several times what SQLite needs for these small statements. What a
column's type does to a value on its way in and out is done here as well, by the type's own
processors; only the bookkeeping around each execution is left out. A statement with an `IN` of
values cannot be prepared.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Executable, Float, Select, bindparam
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

DRIVER = "driver"  # where a session keeps its connection
Row = tuple[Any, ...]
Values = Mapping[str, Any]


class Prepared:
    """One statement, ready for both databases."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def all(self, db: Session, values: Values) -> list[Row]:
        """Every row, in the order of the statement's columns."""
        compiled, cursor = self._run(db, values)
        return compiled.rows(cursor.fetchall())

    def one(self, db: Session, values: Values) -> Row:
        """The only row. Raises LookupError when there is none."""
        row = self.first(db, values)
        if row is None:
            raise LookupError(f"no row for {values!r}")
        return row

    def first(self, db: Session, values: Values) -> Row | None:
        """The first row."""
        compiled, cursor = self._run(db, values)
        found = compiled.rows(cursor.fetchmany(1))
        cursor.close()
        return found[0] if found else None

    def run(self, db: Session, values: Values) -> None:
        """Only its effect."""
        self._run(db, values)

    def run_each(self, db: Session, many: Sequence[Values]) -> None:
        """Its effect for each of these values, in their order."""
        if len(many) == 1:  # the driver of PostgreSQL would open a pipeline for it
            self.run(db, many[0])
            return
        compiled = self._for(db)
        _driver(db).cursor().executemany(compiled.text, [compiled.bind(one) for one in many])

    def _run(self, db: Session, values: Values) -> "tuple[_Compiled, Any]":
        compiled = self._for(db)
        cursor = _driver(db).cursor()
        return compiled, cursor.execute(compiled.text, compiled.bind(values), **compiled.how)

    def _for(self, db: Session) -> "_Compiled":
        dialect = db.get_bind().dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self.statement, dialect)
        return compiled


class PreparedOfMany:
    """A SELECT for several values of one column; prepared for a single one, as a turn asks."""

    def __init__(self, select: Select[*tuple[Any, ...]], column: Mapped[Any]) -> None:
        self._one = Prepared(select.where(column == bindparam("id")))
        self._many = select.where(column.in_(bindparam("ids", expanding=True)))

    def all(self, db: Session, ids: Sequence[Any]) -> list[Row]:
        """The rows of all these values."""
        if len(ids) == 1:
            return self._one.all(db, {"id": ids[0]})
        return [tuple(row) for row in db.connection().execute(self._many, {"ids": list(ids)})]


class _Compiled:
    """The text for one database, with what its types do to values."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # each has it
        if compiled.post_compile_params:
            raise ValueError(f"an IN is another statement for each count of values: {compiled}")
        self.text = str(compiled)
        self.how = {"prepare": True} if dialect.name == "postgresql" else {}  # SQLite always does
        self._fixed = compiled.params
        self._order: Sequence[str] | None = compiled.positiontup
        self._into = [
            (name, processor)
            for bound, name in compiled.bind_names.items()
            if (processor := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        ]
        columns = [entry[3] for entry in compiled._result_columns]  # no other door
        processors = [_result_processor(column, dialect) for column in columns]
        self._out = [(n, p) for n, p in enumerate(processors) if p is not None]

    def bind(self, values: Values) -> Any:
        """What the driver takes."""
        bound = {**self._fixed, **values}
        for name, processor in self._into:
            bound[name] = processor(bound[name])
        return bound if self._order is None else [bound[name] for name in self._order]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver gave, as Python values."""
        if not self._out:
            return [tuple(row) for row in found]
        return [self._row(row) for row in found]

    def _row(self, found: Sequence[Any]) -> Row:
        row = list(found)
        for number, processor in self._out:
            row[number] = processor(row[number])
        return tuple(row)


def _result_processor(column: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """A float is one already; SQLAlchemy would want to know what the driver calls its type."""
    impl = column.dialect_impl(dialect)
    return None if isinstance(impl, Float) else impl.result_processor(dialect, None)


def _driver(db: Session) -> Any:
    """The driver's own connection, inside the session's transaction."""
    driver = db.info.get(DRIVER)
    if driver is None:
        driver = db.info[DRIVER] = db.connection().connection.driver_connection
    return driver
