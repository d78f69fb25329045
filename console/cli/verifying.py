"""Whether a restored database is whole; it is settled on the way, and the console looks at it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import create_engine
from sqlmodel import Session

from bot import trouble
from bot.flow_source import FlowSource
from console.app import create_app
from console.cli.archive import BadBackup, Manifest
from console.door import House
from console.settings import Settings
from storage import audit
from storage.accounts import credentials, list_accounts
from storage.broadcast_restored import distrust_broadcasts
from storage.migrate import sqlite_file, upgrade
from storage.restored import distrust_deliveries, set_aside_arrivals
from storage.snapshots import find_faults, holding_of
from storage.unit import Store, open_store

READY = 200


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. in_doubt: sends that may have gone out since; is_key_right: whether this
    install's key opens LINE's secrets; before: where the database is that was there."""

    made_at: str
    rows: int
    media: int | None
    in_doubt: int
    aside: int
    is_key_right: bool
    before: Path | None = None


def verified(settings: Settings, manifest: Manifest, url: str) -> Restored:
    """Whole, of this version, and with nothing open that could be sent twice."""
    _check_rows(manifest, url)
    upgrade(url)
    store = open_store(url)
    try:
        verdict = store.read(audit.verify)
        if verdict.broken_at is not None:
            raise BadBackup(f"the audit log in the backup is broken at row {verdict.broken_at}")
        in_doubt, aside = _settle(store)
        return Restored(
            made_at=manifest.made_at,
            rows=sum(manifest.rows.values()),
            media=manifest.media,
            in_doubt=in_doubt,
            aside=aside,
            is_key_right=_is_key_right(settings, store),
        )
    finally:
        store.close()


def _check_rows(manifest: Manifest, url: str) -> None:
    file = sqlite_file(url)
    faults = find_faults(file) if file is not None else []
    if faults:
        raise BadBackup(f"the database in the backup is damaged: {faults[0]}")
    engine = create_engine(url)
    with engine.connect() as connection:
        held = holding_of(connection)
    engine.dispose()
    if (held.revision, dict(held.rows)) != (manifest.revision, dict(manifest.rows)):
        raise BadBackup("the database in the backup does not hold what the backup says it holds")


def _settle(store: Store) -> tuple[int, int]:
    """How many sends are in doubt now, and how many events a person has to look at."""
    now, queue = datetime.now(UTC), FlowSource(store).book().house.queues.default

    def work(db: Session) -> tuple[int, int]:
        deliveries, arrivals = distrust_deliveries(db, now), set_aside_arrivals(db, now)
        for arrival in arrivals:
            trouble.show(db, arrival, arrival.trouble or "", queue, now)
        in_doubt = sum(delivery.ended_at is not None for delivery in deliveries)
        return in_doubt + distrust_broadcasts(db, now), len(arrivals)

    return store.write(work)


def _is_key_right(settings: Settings, store: Store) -> bool:
    key = settings.key()
    try:
        for account in store.read(list_accounts):
            credentials(key, account)
    except InvalidTag:
        return False
    return True


def look_at_console(settings: Settings, url: str) -> None:
    """The console starts on it and says that it is ready."""
    store = open_store(url)
    try:
        answer = create_app(House(store, settings, settings.key())).test_client().get("/readyz")
    finally:
        store.close()
    if answer.status_code != READY:
        raise BadBackup(f"the console is not ready on the restored database: {answer.get_json()}")
