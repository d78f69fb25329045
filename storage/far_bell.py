"""The bell between processes: what another process committed rings here too.

SQLite has no messages, so `PRAGMA data_version` is looked at. PostgreSQL has LISTEN and NOTIFY;
the NOTIFY is sent after the commit, outside of it, because inside it would put all commits in a
row, and what piles up meanwhile goes out as one.
"""

import secrets
import time
from collections.abc import Iterable
from contextlib import closing
from threading import Lock
from typing import Any, Protocol, cast

from sqlalchemy import Engine, create_engine, make_url, text

from storage.bell import EVERYTHING

CHANNEL = "madoguchi"
STEP_S = 0.25  # how often SQLite is looked at


class FarBell(Protocol):
    """Waits for what other processes commit."""

    def wait(self, wait_s: float) -> frozenset[str]:
        """The topics that rang elsewhere, at the latest after so many seconds: then none."""
        ...

    def close(self) -> None: ...


def open_far_bell(url: str, myself: str = "") -> FarBell:
    """The bell behind a database's URL. myself: `Store.name`, whose own rings are left out."""
    if make_url(url).get_backend_name() == "sqlite":
        return _SqliteFarBell(url)
    return _PostgresFarBell(url, myself)


class Teller:
    """Tells other processes what was committed here, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self.name = secrets.token_hex(8)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._topics: set[str] = set()
        self._sending = Lock()

    def tell(self, topics: Iterable[str]) -> None:
        """Send the topics on, or leave them to whoever is sending now."""
        self._topics.update(topics)
        while self._topics and self._sending.acquire(blocking=False):
            try:
                self._send()
            finally:
                self._sending.release()

    def _send(self) -> None:
        topics, self._topics = self._topics, set()
        if not topics:
            return
        payload = ",".join([self.name, *sorted(topics)])
        with self._engine.connect() as connection:
            connection.execute(
                text("SELECT pg_notify(:channel, :payload)"),
                {"channel": CHANNEL, "payload": payload},
            )


class _SqliteFarBell:
    """Cannot tell topics, nor our own commits, apart: any commit rings everything."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, connect_args={"check_same_thread": False})
        self._connection = self._engine.raw_connection()
        self._seen = self._version()

    def wait(self, wait_s: float) -> frozenset[str]:
        end = time.monotonic() + wait_s
        while (version := self._version()) == self._seen:
            left_s = end - time.monotonic()
            if left_s <= 0:
                return frozenset()
            time.sleep(min(STEP_S, left_s))
        self._seen = version
        return EVERYTHING

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def _version(self) -> int:
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cast(Any, cursor.fetchone())[0])


class _PostgresFarBell:
    def __init__(self, url: str, myself: str) -> None:
        self._myself = myself
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._connection = self._engine.raw_connection()
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")

    def wait(self, wait_s: float) -> frozenset[str]:
        driver = cast(Any, self._connection.driver_connection)
        topics: set[str] = set()
        for notice in driver.notifies(timeout=wait_s, stop_after=1):
            sender, *rung = notice.payload.split(",")
            if sender != self._myself:
                topics.update(rung)
        return frozenset(topics)

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()
