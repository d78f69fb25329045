"""Bring a database to this version of the tables, from nothing or from any version before it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
POSTGRES_LOCK = 7_316_001  # any number, the same in every process


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up, under a lock, so that two processes that start together do it once."""
    with _locked(url):
        command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down, under the same lock."""
    with _locked(url):
        command.downgrade(_config(url), revision)


def sqlite_file(url: str) -> Path | None:
    """The file behind a URL; None for PostgreSQL, and for a database in memory."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database) if is_file and parsed.database else None


def is_at_head(db: Session) -> bool:
    """Whether the database's tables are those of this version."""
    return revision_of(db) == head()


def revision_of(db: Session) -> str | None:
    """At which migration the database stands; None for an empty one."""
    return MigrationContext.configure(db.connection()).get_current_revision()


@cache
def head() -> str:
    """The newest migration of this version."""
    found = ScriptDirectory.from_config(_config("")).get_current_head()
    if found is None:
        raise LookupError("this install has no migrations")
    return found


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


@contextmanager
def _locked(url: str) -> Iterator[None]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with _file_lock(parsed.database):
            yield
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": POSTGRES_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": POSTGRES_LOCK})
    engine.dispose()


@contextmanager
def _file_lock(database: str | None) -> Iterator[None]:
    if not database:  # in memory: nobody else can see it
        yield
        return
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
