"""What one test leaves in its PostgreSQL database, the next one does not find."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from storage.accounts import NewAccount, add_account
from storage.unit import open_store
from tests.databases import Shelf

SAMPLE = NewAccount("main", "見本のお店", "provider", "secret", "token")
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
DEEDS = (
    "CREATE TABLE left_behind ()",
    "ALTER TABLE alembic_version RENAME TO gone",
    "ALTER TABLE account ADD COLUMN left_behind text",
    "ALTER TABLE audit_row DISABLE TRIGGER ALL",
    "DROP INDEX ix_arrival_queue",
    "ALTER TABLE run_event DROP CONSTRAINT run_event_pkey",
    """CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NEW; END'""",
    """DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''64MB''',
    current_database()); END $$""",
    "ANALYZE alembic_version",
    "INSERT INTO alembic_version SELECT md5(n::text) FROM generate_series(1, 99999) AS n",
)


@pytest.fixture
def shelf(postgres_server: str) -> Iterator[Shelf]:
    """One of our own, from which nobody else has borrowed."""
    shelf = Shelf(postgres_server, "madoguchi_template")
    yield shelf
    shelf.close()


def connect(url: str) -> psycopg.Connection[Any]:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def ask(db: psycopg.Connection[Any], statement: Any) -> list[Any]:
    return db.execute(statement).fetchall()


def identity(db: psycopg.Connection[Any]) -> Any:
    return ask(db, "SELECT oid FROM pg_database WHERE datname = current_database()")


def contents(db: psycopg.Connection[Any]) -> dict[str, Any]:
    """Every row of every table, and where every sequence stands."""
    tables = ask(db, "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384")
    rows = {name: ask(db, f"SELECT t::text FROM {name} AS t") for (name,) in tables}  # noqa: S608
    return rows | {"sequences": ask(db, "SELECT sequencename, last_value FROM pg_sequences")}


def test_rows_sequences_and_sessions_do_not_reach_the_next(shelf: Shelf, now: datetime) -> None:
    with shelf.lent() as url, connect(url) as db:
        first, fresh = identity(db), contents(db)

    with shelf.lent() as old_url:
        store = open_store(old_url)
        store.write(lambda db: add_account(db, b"k" * 32, SAMPLE, now))
        store.close()
        left = connect(old_url)
        assert identity(left) == first
        assert contents(left)["account"] != fresh["account"] == []
        left.execute("UPDATE audit_head SET last_id = 41")
        left.execute("DELETE FROM desk_rules")
        left.execute("CREATE TEMPORARY TABLE left_behind AS SELECT 1")
        left.execute("LISTEN left_behind")
        left.execute("SELECT pg_advisory_lock(41)")
        left.execute("BEGIN")
        left.execute("SELECT nextval(seqrelid) FROM pg_sequence")

    with shelf.lent() as url, connect(url) as db:
        assert identity(db) == first
        assert contents(db) == fresh
        assert ask(db, f"SELECT pid {OTHERS}") == []
        assert ask(db, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'") == []
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(old_url)
    left.close()


@pytest.mark.parametrize("deed", DEEDS)
def test_a_database_that_is_not_what_it_was_is_not_lent_again(shelf: Shelf, deed: str) -> None:
    with shelf.lent() as url, connect(url) as db:
        first, fresh = identity(db), contents(db)
        db.execute(deed)

    with shelf.lent() as url, connect(url) as db:
        assert identity(db) != first
        assert contents(db) == fresh


def test_a_database_that_its_test_has_dropped_is_not_missed(shelf: Shelf) -> None:
    with shelf.lent() as url:
        there = make_url(url)
        server = there.set(database="postgres").render_as_string(hide_password=False)
        with connect(server) as db:
            db.execute(f"DROP DATABASE {there.database}")

    with shelf.lent() as url, connect(url) as db:
        assert ask(db, "SELECT 1") == [(1,)]
