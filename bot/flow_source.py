"""The published flows as a book, read again when something was published."""

import logging
import time
from threading import Lock

from flows.language.book import HOUSE, Book, House, house_from
from storage import flow_versions
from storage.unit import Store

log = logging.getLogger(__name__)

FRESH_S = 1.0


class FlowSource:
    """The newest book. Versions that old runs pin are fetched when they are needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._book = Book(House(), {}, self._fetch)
        self._change = -1
        self._looked_at = float("-inf")

    def book(self) -> Book:
        """The flows that new runs take, at most a second old."""
        if time.monotonic() - self._looked_at > FRESH_S:
            with self._lock:
                self._look()
        return self._book

    def _look(self) -> None:
        change = self._store.read(flow_versions.last_change)
        if change != self._change:
            heads = dict(self._store.read(flow_versions.heads))
            house_hash = heads.pop(HOUSE, None)
            house = house_from(self._fetch(house_hash)) if house_hash is not None else House()
            self._book = self._book.with_heads(house, heads)
            self._change = change
            for flow_id, why in self._book.broken_heads().items():
                log.error("flow %s cannot be read any more, nobody can start it: %s", flow_id, why)
        self._looked_at = time.monotonic()

    def _fetch(self, hash_: str) -> dict[str, object]:
        return self._store.read(lambda db: flow_versions.get_version(db, hash_).bundle)
