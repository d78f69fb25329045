"""What the database is like: its version, how it keeps what it was told, and its history."""

from pathlib import Path

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from console.cli.doctor.findings import Finding, Findings, error, ok, warning
from storage.audit import verify
from storage.broadcast_figures import count_troubled
from storage.migrate import head, is_at_head, revision_of
from storage.models.work import Arrival
from storage.snapshots import find_damage
from storage.unit import Store

LEAST_BUSY_MS = 5000
SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}  # 2: FULL
OFF = "off"
POSTGRES = {"fsync": "on", "full_page_writes": "on"}


def check_file(file: Path | None) -> list[Finding]:
    """Whether SQLite can read all of its file; PostgreSQL looks after its own."""
    if file is None:
        return []
    why = find_damage(file)
    return [ok("damage.none") if why is None else error("damage.found", why=why)]


def check_database(store: Store) -> Findings:
    """Reads alone. A database of another version is not looked at any further."""
    if not store.read(is_at_head):
        yield error("version.other", found=store.read(revision_of) or "–", wanted=head())
        return
    yield ok("version.same", found=head())
    yield from store.write(lambda db: _kept(db, store.dialect))
    yield store.read(_history)
    aside = store.read(_count_aside)
    yield warning("aside.some", count=aside) if aside else ok("aside.none")
    stopped, unknown = store.read(count_troubled)
    if stopped:
        yield warning("broadcasts.stopped", count=stopped)
    if unknown:
        yield warning("broadcasts.unknown", count=unknown)
    if not stopped and not unknown:
        yield ok("broadcasts.good")


def _kept(db: Session, dialect: str) -> list[Finding]:
    """Asked on the connection that writes: such settings are a connection's own."""
    if dialect == "sqlite":
        wrong = [
            f"{name} = {value}"
            for name, wanted in SQLITE.items()
            if (value := str(db.scalar(text(f"PRAGMA {name}")))) != wanted
        ]
        if int(db.scalar(text("PRAGMA busy_timeout")) or 0) < LEAST_BUSY_MS:
            wrong.append("busy_timeout")
    else:
        wrong = [
            f"{name} = {value}"
            for name, wanted in POSTGRES.items()
            if (value := str(db.scalar(text(f"SHOW {name}")))) != wanted
        ]
        if (commits := db.scalar(text("SHOW synchronous_commit"))) == OFF:
            wrong.append(f"synchronous_commit = {commits}")
    return [error("durable.not", wrong=", ".join(wrong)) if wrong else ok("durable.good")]


def _history(db: Session) -> Finding:
    verdict = verify(db)
    if verdict.broken_at is not None:
        return error("audit.broken", row=verdict.broken_at)
    return ok("audit.good", rows=verdict.rows)


def _count_aside(db: Session) -> int:
    query = select(func.count()).select_from(Arrival).where(col(Arrival.state) == "aside")
    return db.scalar(query) or 0
