"""PostgreSQL databases that tests borrow one after another, each empty as a migration leaves it.

Making and dropping one copies and removes some six hundred files; emptying one takes a few
milliseconds. What a test may leave behind is put back: rows, what the migrations themselves
wrote, sequences, connections that still listen. A database whose schema a test has changed, whose
tables it had measured, or that it has filled up, is dropped instead, so no test has to say what it
does. Each borrower finds a name of its own: what outlives a test cannot reach the next by the old.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import make_url

MOST_BYTES = 4 * 1024 * 1024  # in one table; more is sooner dropped than emptied
PATIENCE_MS = 10_000  # until those who are still connected are gone

# What emptying does not put back: it would differ from the template's.
SCHEMA: LiteralString = """
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT concat_ws(' ', oid, relname, relkind, reloptions,
            CASE relkind WHEN 'r' THEN relpages::text || reltuples END) FROM pg_class
            WHERE oid >= 16384
        UNION ALL SELECT concat_ws(' ', attrelid, attname, xmin) FROM pg_attribute
            WHERE attrelid >= 16384
        UNION ALL SELECT concat_ws(' ', 'trigger', oid, xmin) FROM pg_trigger
        UNION ALL SELECT concat_ws(' ', 'index', indexrelid, xmin) FROM pg_index
            WHERE indexrelid >= 16384
        UNION ALL SELECT concat_ws(' ', 'check', oid, xmin) FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT concat_ws(' ', 'function', oid, xmin) FROM pg_proc WHERE oid >= 16384
        UNION ALL SELECT concat_ws(' ', 'type', oid, xmin) FROM pg_type WHERE oid >= 16384
        UNION ALL SELECT concat_ws(' ', 'space', oid, xmin) FROM pg_namespace
            WHERE oid >= 16384 AND nspname NOT LIKE 'pg\\_%temp\\_%'
        UNION ALL SELECT concat_ws(' ', 'figures', starelid, xmin) FROM pg_statistic
            WHERE starelid >= 16384
        UNION ALL SELECT concat_ws(' ', 'setting', setconfig) FROM pg_db_role_setting
            JOIN pg_database ON pg_database.oid = setdatabase AND datname = current_database()
    ) AS lines (line)
"""
TABLES: LiteralString = """
    SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND oid >= 16384 AND pg_relation_size(oid) > 0
"""
SEQUENCES: LiteralString = "SELECT sequencename, start_value, last_value FROM pg_sequences"


class Shelf:
    """The databases of one server, copied from its template; server: its URL."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._admin = self._connect("postgres")
        with self._connect(template) as db:
            self._schema = _schema(db)
            self._refill = _written_by_migrations(db)
            self._rewind = [_set(*row) for row in db.execute(SEQUENCES).fetchall()]

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of an empty migrated database, for as long as the block lasts."""
        name = f"test_{secrets.token_hex(6)}"
        if self._free:
            self._run("ALTER DATABASE {} RENAME TO {}", self._free.pop(), name)
        else:
            copy: LiteralString = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
            self._run(copy, name, self._template)
        try:
            url = make_url(self._server).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            self._take_back(name)

    def close(self) -> None:
        """The server goes with what it holds."""
        self._admin.close()

    def _take_back(self, name: str) -> None:
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = %s",
            (PATIENCE_MS, name),
        )
        if self._emptied(name):
            self._free.append(name)
        else:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _emptied(self, name: str) -> bool:
        """Whether it is again what the template is."""
        try:
            with self._connect(name) as db:
                sizes = dict(db.execute(TABLES).fetchall())
                if max(sizes.values(), default=0) > MOST_BYTES or _schema(db) != self._schema:
                    return False
                self._empty(db, list(sizes))
        except psycopg.OperationalError:  # the test has dropped it, or will not let go of it
            return False
        return True

    def _empty(self, db: psycopg.Connection[Any], tables: list[str]) -> None:
        with db.transaction():
            # Without foreign keys and triggers: the audit log, for one, refuses to lose a row.
            db.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                db.execute(_named("DELETE FROM {}", table))
        if tables:
            # Rows lie again in the order in which they are written, as in a new table.
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            db.execute(sql.SQL("VACUUM (INDEX_CLEANUP ON, TRUNCATE ON) {}").format(names))
        with db.transaction():
            db.execute("SET LOCAL session_replication_role = replica")
            db.execute(
                "UPDATE pg_class SET relpages = 0, reltuples = -1, relallvisible = 0"
                " WHERE relkind = 'r' AND oid >= 16384 AND reltuples <> -1"
            )
            for statement in (*self._refill, *self._rewind):
                db.execute(statement)

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        url = make_url(self._server).set(drivername="postgresql", database=name)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._admin.execute(_named(statement, *names))


def _schema(db: psycopg.Connection[Any]) -> str:
    row = db.execute(SCHEMA).fetchone()
    return str(row[0]) if row else ""


def _written_by_migrations(db: psycopg.Connection[Any]) -> list[sql.Composed]:
    """What puts it back."""
    statements = []
    for table, _size in db.execute(TABLES).fetchall():
        rows = db.execute(_named("SELECT json_agg(r) FROM {} AS r", table)).fetchone()
        put: LiteralString = (
            "INSERT INTO {} OVERRIDING SYSTEM VALUE"
            " SELECT * FROM json_populate_recordset(NULL::{}, {})"
        )
        names = sql.Identifier(table), sql.Identifier(table)
        statements.append(sql.SQL(put).format(*names, sql.Literal(json.dumps(rows and rows[0]))))
    return statements


def _set(sequence: str, start: int, last: int | None) -> sql.Composed:
    value, is_used = (start, False) if last is None else (last, True)
    return sql.SQL("SELECT setval({}, {}, {})").format(sequence, value, is_used)


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
