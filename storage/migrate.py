"""Bring a database to this version of the tables, from nothing or from any version before it.

All steps are one transaction, on both databases. A SQLite file is copied before all the same, and
what it was is put back when a step fails, whatever the step did.
"""

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

from storage.snapshots import copy_sqlite, put_back

MIGRATIONS = Path(__file__).parent / "migrations"
POSTGRES_LOCK = 7_316_001  # any number, the same in every process


class MigrationFailed(Exception):
    """A step towards a version failed; the database is what it was before."""


class NewerDatabase(Exception):
    """The database was made by a newer version, whose steps this one does not know."""


class UnknownVersion(Exception):
    """There is no such version of the tables."""


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up, under a lock, so that two processes that start together do it once.

    Raises MigrationFailed, NewerDatabase.
    """
    with _locked(url):
        before = _revision_at(url)
        if before == (head() if revision == "head" else revision):
            return
        if before is not None and before not in versions():
            raise NewerDatabase(
                f"the database is at version {before}, and this Madoguchi knows {head()} at most: "
                f"it is an older one. Run `madoguchi migrate --to {head()}` with the newer one, or "
                "go on with that."
            )
        with _undone_on_failure(url, before):
            command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down, under the same lock; what only later versions keep is lost.

    Raises MigrationFailed.
    """
    with _locked(url), _undone_on_failure(url, _revision_at(url)):
        command.downgrade(_config(url), revision)


def go_back(url: str, revision: str) -> None:
    """Migrate down to a version, for the older Madoguchi that is started next.

    Raises UnknownVersion, MigrationFailed, NewerDatabase.
    """
    found = _revision_at(url)
    if revision not in versions():
        raise UnknownVersion(f"there is no version {revision!r}: {versions()[0]} to {head()}")
    if found is None or found < revision:
        raise UnknownVersion(
            f"the database is at version {found or 'none'}, before {revision}: there is nothing to "
            "go back from"
        )
    if found not in versions():
        raise NewerDatabase(f"the database is at version {found}: use the Madoguchi that made it")
    if found != revision:
        downgrade(url, revision)


def sqlite_file(url: str) -> Path | None:
    """The file behind a URL; None for PostgreSQL, and for a database in memory."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database) if is_file and parsed.database else None


def is_at_head(db: Session) -> bool:
    """Whether the database's tables are those of this version."""
    return revision_of(db) == head()


def is_usable(db: Session) -> bool:
    """Whether this version can work with the database's tables: its own, or those of a newer one,
    whose steps take nothing away from what still runs (expand first, contract in a later version).
    """
    found = revision_of(db)
    return found == head() or (found is not None and found not in versions())


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


@cache
def versions() -> tuple[str, ...]:
    """Every migration that this version knows, the oldest first."""
    script = ScriptDirectory.from_config(_config(""))
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def _revision_at(url: str) -> str | None:
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    engine = create_engine(url)
    with Session(engine) as db:
        found = revision_of(db)
    engine.dispose()
    return found


def _copy_before(url: str, before: str | None) -> Path | None:
    """The file as it is now, beside it; of such copies the newest two are kept."""
    file = sqlite_file(url)
    if file is None or before is None:
        return None
    copies = sorted(
        file.parent.glob(f"{file.name}.before-[0-9]*"), key=lambda path: path.stat().st_mtime
    )
    for old in copies[:-1]:
        old.unlink()
    copy = file.with_name(f"{file.name}.before-{before}")
    copy_sqlite(file, copy)
    return copy


@contextmanager
def _undone_on_failure(url: str, before: str | None) -> Iterator[None]:
    copy = _copy_before(url, before)
    try:
        yield
    except Exception as error:
        raise _undone(url, before, copy, error) from error


def _undone(url: str, before: str | None, copy: Path | None, error: Exception) -> MigrationFailed:
    file = sqlite_file(url)
    if copy is not None and file is not None:
        put_back(copy, file)
    place = f"; a copy from before is {copy}" if copy is not None else ""
    said = str(error).partition("\n")[0]
    return MigrationFailed(
        f"the database stays at version {before or 'none'}, because a step failed "
        f"({type(error).__name__}: {said}){place}. "
        "Go on with the version of Madoguchi that you had, and report this."
    )


@contextmanager
def _locked(url: str) -> Iterator[None]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with _file_lock(parsed.database):
            yield
        return
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": POSTGRES_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": POSTGRES_LOCK})
    finally:
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
