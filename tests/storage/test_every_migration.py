"""Each migration goes down and up on a filled database: the same tables, and what they held."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    create_engine,
    inspect,
    select,
    text,
)

from storage.migrate import MIGRATIONS, downgrade, head, upgrade
from storage.models.tables import METADATA

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
REVISIONS = sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/0*.py"))
Rows = dict[str, list[dict[str, Any]]]


def test_every_migration_down_and_up_on_a_filled_database(database_url: str) -> None:
    engine = create_engine(database_url, connect_args=_plain(database_url))
    with engine.begin() as connection:
        fill(connection)
    held = dump(engine)
    assert {name for name, rows in held.items() if not rows} == set()
    assert REVISIONS[-1] == head()

    schemas: dict[str, Any] = {}
    for below, revision in reversed(list(pairwise(REVISIONS))):
        schemas[revision], before = schema_of(engine), held
        downgrade(database_url, below)
        held = dump(engine)
        assert lost(before, held) == [], f"down to {below}"

    for _, revision in pairwise(REVISIONS):
        before = held
        upgrade(database_url, revision)
        held = dump(engine)
        assert schema_of(engine) == schemas[revision], f"up to {revision}"
        assert lost(before, held) == [], f"up to {revision}"

    downgrade(database_url, REVISIONS[0])
    assert lost(held, dump(engine)) == []
    upgrade(database_url)
    assert dump(engine) == held
    assert schema_of(engine) == schemas[head()]
    engine.dispose()


def fill(connection: Connection) -> None:
    """One row in every table that has none, with every column filled."""
    firsts: dict[str, Mapping[str, Any]] = {}
    for table in METADATA.sorted_tables:
        found = connection.execute(select(table)).mappings().first()
        if found is None:
            connection.execute(table.insert().values(_row(table, firsts)))
            found = connection.execute(select(table)).mappings().one()
        firsts[table.name] = found


def _row(table: Table, firsts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        key = next(iter(column.foreign_keys), None)
        if key is not None and key.column.table.name in firsts:
            row[column.name] = firsts[key.column.table.name][key.column.name]
        elif key is None:
            row[column.name] = _value(column.name, column.type)
    return row


def _value(name: str, kind: Any) -> Any:
    kind = getattr(kind, "impl", kind)
    match kind:
        case Boolean():
            return True
        case Integer():
            return 1
        case Float() | Numeric():
            return 1.5
        case DateTime():
            return NOW
        case LargeBinary():
            return b"sample"
        case JSON():
            return {"見本": 1}
    return f"見本の{name}"


def dump(engine: Engine) -> Rows:
    """Every row of every table as it is read without our types."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=repr
            )
            for name, table in sorted(found.tables.items())
            if name != "alembic_version"
        }


def lost(before: Rows, after: Rows) -> list[str]:
    """What both have a place for, and the later one has otherwise."""
    found = []
    for name in before.keys() & after.keys():
        kept = {key for row in after[name] for key in row}
        for one in before[name]:
            wanted = {key: value for key, value in one.items() if key in kept}
            if not any(wanted == {key: row[key] for key in wanted} for row in after[name]):
                found.append(f"{name}: {wanted}")
    return found


def schema_of(engine: Engine) -> dict[str, Any]:
    """Tables, columns, keys, indexes and triggers, in an order of ours."""
    look = inspect(engine)
    tables = {
        name: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"]))
                for c in look.get_columns(name)
            ),
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                (f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in look.get_foreign_keys(name)
            ),
            "unique": sorted(u["column_names"] for u in look.get_unique_constraints(name)),
            "indexes": sorted(
                (i["name"] or "", i["column_names"], i["unique"]) for i in look.get_indexes(name)
            ),
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }
    triggers = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY sql"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    with engine.connect() as connection:
        return {**tables, "triggers": list(connection.scalars(text(triggers)))}


def _plain(url: str) -> dict[str, Any]:
    return {"timeout": 15} if url.startswith("sqlite") else {}
