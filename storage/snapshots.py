"""Whole copies of a SQLite file, made and put back while others work with it, and what one holds.

SQLite's online backup reads in one transaction, so a copy is a moment of the database, and writes
in one, so a database that is put back is the whole copy or what it was before.
"""

import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table, text

BUSY_S = 30.0
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PARTS = ("", "-wal", "-shm", "-journal")  # of one database, beside each other
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Holding:
    """What a database holds. rows: of each table."""

    revision: str | None
    rows: Mapping[str, int]


def copy_sqlite(database: Path, target: Path) -> None:
    """Copy the database as it is now; `target` appears whole or not at all, and is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(6)}")
    try:
        draft.touch(mode=0o600)  # it holds what customers said
        _back_up(database, draft)
        with closing(_connect(draft)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        for part in PARTS:
            draft.with_name(draft.name + part).unlink(missing_ok=True)


def lay_aside(database: Path, target: Path) -> None:
    """Keep what is there now, before another takes its place. Of a damaged database the files
    themselves are moved: SQLite would not copy them, nor write into them."""
    if not find_faults(database):
        copy_sqlite(database, target)
        return
    for part in PARTS:
        with suppress(FileNotFoundError):
            database.with_name(database.name + part).rename(target.with_name(target.name + part))


def put_back(copy: Path, database: Path) -> None:
    """Make the database what the copy is, through SQLite's own locks."""
    database.parent.mkdir(parents=True, exist_ok=True)
    _back_up(copy, database)
    with closing(_connect(database)) as done:
        done.execute("PRAGMA journal_mode=WAL")


def find_damage(database: Path) -> str | None:
    """The first thing that cannot be read in a file; without what only compares, so quicker."""
    try:
        with closing(_connect(database)) as db:
            found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return None if found == "ok" else found


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the file itself is broken, or is none of its own."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGED  # the rest of it says more exactly where


def find_faults(database: Path) -> list[str]:
    """What SQLite itself finds wrong in a file: broken pages, rows that point to nothing."""
    try:
        with closing(_connect(database)) as db:
            broken = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST_FAULTS})")]
            lost = db.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    found = [] if broken == ["ok"] else broken
    return found + [f"{child} {row}: no such {parent}" for child, row, parent, _ in lost]


def holding_of(connection: Connection) -> Holding:
    """How many rows each table has, and at which migration it is."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    rows = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in names
    }
    has_revision = inspect(connection).has_table("alembic_version")
    query = text("SELECT version_num FROM alembic_version")
    return Holding(connection.scalar(query) if has_revision else None, rows)


def _back_up(source: Path, target: Path) -> None:
    with closing(_connect(source)) as here, closing(_connect(target)) as there:
        here.backup(there)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
