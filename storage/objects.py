"""Rows as objects of the session, without the cost of SQLAlchemy's own loading and flushing.

What is written by `add_now` or found by `Query` is in the session afterwards as if it had been
loaded, so later changes of it are tracked. It is kept at hand until the unit ends: a session by
itself forgets what nobody holds.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Generic, ParamSpec, TypeVar

from sqlalchemy import Select, Table, bindparam, insert, select, update
from sqlalchemy import inspect as mapper_of
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel

from storage.prepared import Prepared, Row, Values

P = ParamSpec("P")
Model = TypeVar("Model", bound=SQLModel)


class Query(Generic[Model]):
    """A prepared SELECT of whole rows of one table.

    is_fresh: a row that the session has already is loaded over, for those that take a lock; flush
    before. Else it stays as the unit has it.
    """

    def __init__(self, model: type[Model], select: Select[Any], *, is_fresh: bool = False) -> None:
        self._model = model
        self._prepared = Prepared(select)
        self._is_fresh = is_fresh

    def all(self, db: Session, values: Values) -> list[Model]:
        """Every row, in order."""
        rows = self._prepared.all(db, values)
        return [_object(db, self._model, row, is_fresh=self._is_fresh) for row in rows]

    def one(self, db: Session, values: Values) -> Model:
        """The only row. Raises LookupError when there is none."""
        row = self._prepared.one(db, values)
        return _object(db, self._model, row, is_fresh=self._is_fresh)

    def first(self, db: Session, values: Values) -> Model | None:
        """The first row."""
        row = self._prepared.first(db, values)
        return None if row is None else _object(db, self._model, row, is_fresh=self._is_fresh)


class Joined:
    """A prepared SELECT of whole rows of several tables side by side, and of what follows them.

    is_fresh: as of `Query`, for all of them.
    """

    def __init__(
        self,
        models: Sequence[type[SQLModel]],
        select: Select[*tuple[Any, ...]],
        *,
        is_fresh: bool = False,
    ) -> None:
        self._models = models
        self._prepared = Prepared(select)
        self._is_fresh = is_fresh

    def all(self, db: Session, values: Values) -> list[tuple[Any, ...]]:
        """For each row an object of each table, then the columns that follow."""
        return [self._objects(db, row) for row in self._prepared.all(db, values)]

    def first(self, db: Session, values: Values) -> tuple[Any, ...] | None:
        """The same for the first row."""
        row = self._prepared.first(db, values)
        return None if row is None else self._objects(db, row)

    def _objects(self, db: Session, row: Row) -> tuple[Any, ...]:
        found: list[Any] = []
        for model in self._models:
            width = len(_names_and_key(model)[0])
            found.append(_object(db, model, row[:width], is_fresh=self._is_fresh))
            row = row[width:]
        return (*found, *row)


def find(db: Session, model: type[Model], key: Any) -> Model | None:
    """A row by its key, as the unit has it."""
    known: Model | None = db.identity_map.get(identity_key(model, key))
    return _by_key(model).first(db, {"key": key}) if known is None else known


def find_one(db: Session, model: type[Model], key: Any) -> Model:
    """A row by its key, as the unit has it. Raises LookupError."""
    found = find(db, model, key)
    if found is None:
        raise LookupError(f"there is no {model.__name__} {key!r}")
    return found


def add_now(db: Session, model: Callable[P, Model], /, *_: P.args, **given: P.kwargs) -> Model:
    """Write a new row of these values and return it; a numbered one gets its id."""
    table: type[Model] = model  # type: ignore[assignment] # a table, whose call gives the names
    statement, is_numbered = _insert(table)
    values: dict[str, Any] = {**_defaults(table), **given}
    if is_numbered:
        values["id"] = statement.one(db, values)[0]
    else:
        statement.run(db, values)
    return _attach(db, table, values)


def keep_at_hand(db: Session, rows: Iterable[SQLModel]) -> None:
    """Hold rows until the unit ends, so that asking for them again costs nothing."""
    db.info.setdefault("at_hand", []).extend(rows)


def write_changes(db: Session) -> None:
    """Write what the unit has changed so far. All of it, before anything asks the database for it.

    Rows that only changed, which is what a turn leaves, are written by a prepared UPDATE.
    """
    if db.new or db.deleted:
        db.flush()
        return
    for row in db.dirty:
        _write_change(db, row)


def _write_change(db: Session, row: SQLModel) -> None:
    state: Any = mapper_of(row)
    names = tuple(sorted(state.committed_state))
    if names:
        values = {name: state.dict[name] for name in names}
        key = {f"key_{n}": value for n, value in enumerate(state.identity)}
        _update(type(row), names).run(db, values | key)
    state._commit_all(state.dict, db.identity_map)  # as a flush ends: no other door


def _object(db: Session, model: type[Model], row: Row, *, is_fresh: bool) -> Model:
    names, key = _names_and_key(model)
    known = db.identity_map.get(identity_key(model, tuple(row[n] for n in key)))
    if known is None:
        return _attach(db, model, dict(zip(names, row, strict=True)))
    if is_fresh:
        for name, value in zip(names, row, strict=True):
            set_committed_value(known, name, value)
    found: Model = known
    return found


def _attach(db: Session, model: type[Model], values: dict[str, Any]) -> Model:
    row: Model = mapper_of(model).class_manager.new_instance()
    row.__dict__.update(values)
    make_transient_to_detached(row)
    db.add(row)
    keep_at_hand(db, [row])
    return row


@cache
def _names_and_key(model: type[SQLModel]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The attributes in the order of the columns, and where the primary key stands among them."""
    table: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    names = tuple(column.name for column in table.columns)
    return names, tuple(names.index(column.name) for column in table.primary_key)


@cache
def _by_key(model: type[Model]) -> Query[Model]:
    table: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    (key,) = table.primary_key
    return Query(model, select(model).where(key == bindparam("key")))


@cache
def _insert(model: type[SQLModel]) -> tuple[Prepared, bool]:
    """The INSERT of a table, and whether the database numbers its rows."""
    table: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    numbered: Any = table.autoincrement_column
    names = [column.name for column in table.columns if column is not numbered]
    statement: Any = insert(table).values({name: bindparam(name) for name in names})
    if numbered is not None:
        statement = statement.returning(numbered)
    return Prepared(statement), numbered is not None


@cache
def _update(model: type[SQLModel], names: tuple[str, ...]) -> Prepared:
    table: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    is_row = [key == bindparam(f"key_{n}") for n, key in enumerate(table.primary_key)]
    return Prepared(update(table).where(*is_row).values({n: bindparam(n) for n in names}))


def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    fixed, made = _kinds_of_defaults(model)
    return {**fixed, **{name: make() for name, make in made}}


@cache
def _kinds_of_defaults(
    model: type[SQLModel],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The defaults that are values, and those that are made anew for each row."""
    fields = model.model_fields.items()
    made: list[Any] = [(n, f.default_factory) for n, f in fields if f.default_factory is not None]
    fixed = {n: f.default for n, f in fields if f.default_factory is None and not f.is_required()}
    return fixed, made
