"""Makes a backup beside a running server: the database as it is at one moment, then the media.

Media are named by their content, so a file that comes meanwhile harms nothing; one that goes
meanwhile, because a customer took it back, is not in the backup.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

from console.cli.archive import Manifest, hash_of, write_archive
from console.cli.postgres_tools import dump
from console.cli.refusals import CannotRun
from console.cli.words import tell
from console.settings import Settings
from console.upkeep import note_upkeep
from flows.language.sayings.saying import Language
from storage.migrate import sqlite_file
from storage.snapshots import Holding, copy_sqlite, holding_of


@dataclass(frozen=True, slots=True)
class Made:
    """What was backed up."""

    rows: int
    media: int | None
    size_bytes: int


def back_up(settings: Settings, target: Path, language: Language, *, with_media: bool) -> Made:
    """Raises CannotRun, also for a file that is there already, and OSError."""
    if target.exists():
        raise CannotRun(tell(language, "backup.exists", file=target))
    now = datetime.now(UTC)
    with TemporaryDirectory(dir=target.parent, prefix=".madoguchi-backup-") as folder:
        database = Path(folder) / "database"
        held = _copy(settings, database, language)
        media = _media(settings) if with_media else None
        manifest = Manifest(
            made_at=now.isoformat(),
            dialect=_dialect(settings),
            revision=held.revision,
            rows=held.rows,
            database_sha256=hash_of(database),
            media=None if media is None else len(media),
        )
        write_archive(target, manifest, database, media or [])
    note_upkeep(settings.data_dir, "backup", now)
    return Made(sum(held.rows.values()), manifest.media, target.stat().st_size)


def _copy(settings: Settings, target: Path, language: Language) -> Holding:
    file = sqlite_file(settings.database_url)
    if file is None:
        return _dump(settings.database_url, target, language)
    if not file.exists():
        raise CannotRun(tell(language, "backup.nothing", file=file))
    copy_sqlite(file, target)
    engine = create_engine(f"sqlite:///{target}")
    try:
        with engine.connect() as connection:
            return holding_of(connection)
    finally:
        engine.dispose()


def _dump(url: str, target: Path, language: Language) -> Holding:
    """Rows are counted in the very snapshot that is dumped."""
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            held = holding_of(connection)
            dump(url, snapshot, target, language)
            return held
    finally:
        engine.dispose()


def _media(settings: Settings) -> list[Path]:
    folder = settings.data_dir / "media"
    found = folder.glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 64)
    return sorted(path for path in found if path.is_file())


def _dialect(settings: Settings) -> str:
    return "sqlite" if settings.database_url.startswith("sqlite") else "postgresql"
