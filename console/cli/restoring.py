"""Puts a backup back, or tries whether it could be: verified first, then settled, then in place.

What is in the database now is kept beside it. What was open at the time of the backup may have been
sent since, so nothing of it is sent again by guess (`storage.restored`).
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, inspect, make_url, text

from bot.audit_anchors import NAME as ANCHORS
from console.cli.archive import Manifest, opened_archive, unpack_database, unpack_media
from console.cli.lock import serving
from console.cli.postgres_tools import restore as restore_postgres
from console.cli.refusals import CannotRun
from console.cli.verifying import Restored, look_at_console, verified
from console.cli.words import tell
from console.settings import Settings
from console.upkeep import note_upkeep
from flows.language.sayings.saying import Language
from storage.migrate import MIGRATIONS, downgrade, sqlite_file
from storage.snapshots import lay_aside, put_back


def restore(settings: Settings, backup: Path, language: Language) -> Restored:
    """Into the database of the settings, which nobody serves meanwhile. Raises BadBackup,
    CannotRun, and AlreadyServed; the database is then what it was."""
    with opened_archive(backup) as (manifest, archive):
        _check_kind(manifest, settings, language)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=settings.data_dir, prefix=".restoring-") as folder:
            kept = Path(folder) / "database"
            unpack_database(archive, manifest, kept)
            media = Path(folder) / "media"
            unpack_media(archive, media)
            file = sqlite_file(settings.database_url)
            if file is None:
                done = _into_postgres(settings, manifest, kept, language)
            else:
                with serving(file):
                    done = _into_file(settings, manifest, kept, file)
            _move_media(media, settings.data_dir / "media")
            _lay_anchors_aside(settings.data_dir / ANCHORS)
    return done


def restore_test(settings: Settings, backup: Path, language: Language) -> Restored:
    """All of it, somewhere else, and the console on it. Raises BadBackup and CannotRun."""
    with opened_archive(backup) as (manifest, archive):
        _check_kind(manifest, settings, language)
        with TemporaryDirectory(prefix="madoguchi-restore-test-") as folder:
            kept = Path(folder) / "database"
            unpack_database(archive, manifest, kept)
            unpack_media(archive, Path(folder) / "media")
            with _another_database(settings, kept, language) as url:
                done = verified(settings, manifest, url)
                look_at_console(settings, url)
    note_upkeep(settings.data_dir, "restore_test", datetime.now(UTC))
    return done


def _into_file(settings: Settings, manifest: Manifest, kept: Path, file: Path) -> Restored:
    done = verified(settings, manifest, f"sqlite:///{kept}")
    before = None
    if file.exists():
        before = file.with_name(f"{file.name}.before-restore-{_stamp()}")
        lay_aside(file, before)
    put_back(kept, file)
    return replace(done, before=before)


def _into_postgres(
    settings: Settings, manifest: Manifest, kept: Path, language: Language
) -> Restored:
    """A database with anything in it is refused: there is no copy of it to go back to."""
    url = settings.database_url
    engine = create_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
    engine.dispose()
    if names:
        raise CannotRun(tell(language, "restore.not_empty"))
    restore_postgres(url, kept, language)
    try:
        return verified(settings, manifest, url)
    except BaseException:
        _empty(url)
        raise


def _empty(url: str) -> None:
    downgrade(url, "base")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    engine.dispose()


@contextmanager
def _another_database(settings: Settings, kept: Path, language: Language) -> Iterator[str]:
    if settings.database_url.startswith("sqlite"):
        yield f"sqlite:///{kept}"
        return
    name = f"madoguchi_restore_test_{secrets.token_hex(4)}"
    url = make_url(settings.database_url).set(database=name).render_as_string(hide_password=False)
    _administer(settings.database_url, f"CREATE DATABASE {name}")
    try:
        restore_postgres(url, kept, language)
        yield url
    finally:
        _administer(settings.database_url, f"DROP DATABASE {name}")


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _check_kind(manifest: Manifest, settings: Settings, language: Language) -> None:
    if not settings.database_url.startswith(manifest.dialect):
        raise CannotRun(tell(language, "restore.other_kind", kind=manifest.dialect))
    known = {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}
    if manifest.revision not in known:
        raise CannotRun(tell(language, "restore.too_new", revision=manifest.revision))


def _lay_anchors_aside(file: Path) -> None:
    """What was noted of the history that was here is not true of the one that came back."""
    if file.exists():
        file.rename(file.with_name(f"{file.name}.before-restore-{_stamp()}"))


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S")


def _move_media(source: Path, target: Path) -> None:
    for file in source.glob("*/*"):
        place = target / file.parent.name / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
