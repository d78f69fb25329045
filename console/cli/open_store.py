"""The database as a command finds it: made or migrated, then opened."""

from collections.abc import Iterator
from contextlib import contextmanager

from console.settings import Settings
from storage.committer import Committer
from storage.migrate import upgrade
from storage.unit import Store, open_store


@contextmanager
def opened(settings: Settings, committer: Committer | None = None) -> Iterator[Store]:
    """The store of the settings' database, migrated to this version first."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    store = open_store(settings.database_url, committer=committer)
    try:
        yield store
    finally:
        store.close()
