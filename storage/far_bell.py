"""The bell between processes: what another process committed rings here too.

SQLite has no messages, so `PRAGMA data_version` is looked at. PostgreSQL has LISTEN and NOTIFY;
the NOTIFY is sent after the commit, outside of it, because inside it would put all commits in a
row, and what piles up meanwhile goes out as one.

A ring that is lost only delays: every listener looks by itself. A listener that hears nothing more
(the server went away, a pooler gave its connection to somebody else, a line went dead without a
word) is found out, because it rings for itself now and then; it listens anew, and as it cannot know
what it missed, everything rings.
"""

import logging
import secrets
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from threading import Event, Lock, Thread
from typing import Any, Protocol, cast

from sqlalchemy import Engine, create_engine, make_url

from storage import measures
from storage.bell import EVERYTHING

log = logging.getLogger(__name__)

CHANNEL = "madoguchi"
LISTEN = "LISTEN madoguchi"  # the name of a channel cannot be bound
TELL = "SELECT pg_notify(%s, %s)"
STEP_S = 0.25  # how often SQLite is looked at
PROVED_EVERY_S = 10.0  # how often a listener rings for itself, and how long it waits to hear it
AGAIN_AFTER_S = 0.5  # before a lost connection is tried anew
GATHERED_S = 0.01  # what is committed within it is told together
CLOSING_S = 2.0  # for the last words
# A line that went dead without a word is an error after so long, and not never.
LIVELY = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}


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
    """Tells other processes what was committed here, beside those who commit.

    At most so often: what is committed meanwhile is told together.
    """

    def __init__(self, url: str) -> None:
        self.name = secrets.token_hex(8)
        self._engine = _engine(url)
        self._connection: Any = None
        self._topics: set[str] = set()
        self._news, self._is_over = Event(), False
        self._telling: Thread | None = None
        self._starting = Lock()

    def tell(self, topics: Iterable[str]) -> None:
        """Have the topics told."""
        self._topics.update(topics)
        if self._topics and not self._news.is_set():
            self._news.set()
            self._start()

    def close(self) -> None:
        """Tell what is left, and end."""
        self._is_over = True
        self._news.set()
        if self._telling is not None:
            self._telling.join(CLOSING_S)
        self._hang_up()
        self._engine.dispose()

    def _start(self) -> None:
        with self._starting:
            if self._telling is None:
                self._telling = Thread(target=self._tell_on, name="teller", daemon=True)
                self._telling.start()

    def _tell_on(self) -> None:
        while not self._is_over:
            self._news.wait()
            self._news.clear()
            self._try_to_send()
            time.sleep(GATHERED_S)
        self._try_to_send()

    def _try_to_send(self) -> None:
        """What was committed is committed: that the others could not be told is no failure.

        A connection may have died while nobody spoke; what it does not take is told on a new one.
        """
        was_open = self._connection is not None
        try:
            self._send()
        except Exception as error:  # the driver's, SQLAlchemy's, the system's
            self._hang_up()
            if was_open:
                self._try_to_send()
                return
            log.warning("other processes were not told of a commit: %s", type(error).__name__)

    def _send(self) -> None:
        topics, self._topics = self._topics, set()
        if not topics:
            return
        try:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            payload = ",".join([self.name, *sorted(topics)])
            self._connection.driver_connection.execute(TELL, (CHANNEL, payload))
        except Exception:
            self._topics.update(topics)  # with the next
            raise

    def _hang_up(self) -> None:
        _hang_up(self._connection)
        self._connection = None


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
        self._proof = f"heard:{secrets.token_hex(8)}"
        self._engine = _engine(url)
        self._connection: Any = None
        self._listen()

    def wait(self, wait_s: float) -> frozenset[str]:
        try:
            if self._connection is None:
                self._listen()
                return EVERYTHING  # nobody knows what rang meanwhile
            self._prove_hearing()
            return self._hear(wait_s)
        except Exception as error:  # the driver's, SQLAlchemy's, the system's: all mean deafness
            measures.DEAF.inc()
            log.warning("other processes are not heard: %s", type(error).__name__)
            self._hang_up()
            time.sleep(min(AGAIN_AFTER_S, wait_s))
            return frozenset()

    def close(self) -> None:
        self._hang_up()
        self._engine.dispose()

    def _listen(self) -> None:
        self._connection = self._engine.raw_connection()
        self._run(LISTEN)
        self._heard_at = self._rang_at = time.monotonic()

    def _prove_hearing(self) -> None:
        now = time.monotonic()
        if now - self._rang_at < PROVED_EVERY_S:
            return
        if self._heard_at < self._rang_at:
            raise TimeoutError("its own ring was not heard")
        self._rang_at = now
        self._run(TELL, CHANNEL, self._proof)

    def _hear(self, wait_s: float) -> frozenset[str]:
        driver = cast(Any, self._connection.driver_connection)
        topics: set[str] = set()
        for notice in driver.notifies(timeout=wait_s, stop_after=1):
            sender, *rung = notice.payload.split(",")
            if sender == self._proof:
                self._heard_at = time.monotonic()
            elif sender != self._myself:
                topics.update(rung)
        return frozenset(topics)

    def _run(self, statement: str, *values: str) -> None:
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(statement, values or None)

    def _hang_up(self) -> None:
        _hang_up(self._connection)
        self._connection = None


def _engine(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", connect_args=LIVELY)


def _hang_up(connection: Any) -> None:
    if connection is not None:
        with suppress(Exception):  # it is broken anyway; what is left is the socket
            connection.invalidate()
