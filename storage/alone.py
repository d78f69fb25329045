"""Whether others are at work on the same database: told by locks that end with their process.

PostgreSQL: whoever serves holds a lock that all may share, for as long as they live, and a worker
holds a second one. Who wants to know tries for it alone. Of workers that start at the same moment
one has it alone; what a process that died had begun is that one's to take over, and the others wait
until it has. A lock goes with its connection, so it is looked after: a connection that is lost is
opened anew, and its locks are shared again.

SQLite is served by one process, which holds its file: that one is always alone.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, TextClause, create_engine, make_url, text

from storage.far_bell import LIVELY

log = logging.getLogger(__name__)

SERVING, WORKING = 7_316_002, 7_316_003  # any numbers, the same in every process
LOOK_AGAIN_S = 0.05  # at a lock that somebody has alone
PATIENCE_S = 10.0  # nobody has one for longer, but a process that stands still
# A machine that went away without a word is gone for PostgreSQL too, and not only after hours.
NOTICED = text(
    "SELECT set_config('tcp_keepalives_idle', '10', false),"
    " set_config('tcp_keepalives_interval', '5', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)
TAKE_ALONE = text("SELECT pg_try_advisory_lock(:lock)")
SHARE = text("SELECT pg_try_advisory_lock_shared(:lock)")
LET_GO = text("SELECT pg_advisory_unlock(:lock)")
LOOK = text("SELECT 1")


class HeldByOne(Exception):
    """Somebody has the database to themselves: its key is being changed."""


class Shift(Protocol):
    """A process at work. is_alone: it is a worker, and there was no other when it began."""

    is_alone: bool

    def let_others_in(self) -> None:
        """What a dead process had begun is taken over: other workers may begin."""
        ...

    def look_after(self) -> None:
        """Be known again after a lost connection; called now and then."""
        ...


@contextmanager
def at_work(url: str, *, is_worker: bool) -> Iterator[Shift]:
    """Serve the database behind a URL for as long as the block lasts. Raises HeldByOne."""
    if make_url(url).get_backend_name() == "sqlite":
        yield _Only()
        return
    shift = _Shared(url, [SERVING, *([WORKING] if is_worker else [])])
    try:
        shift.begin()
        yield shift
    finally:
        shift.close()


@contextmanager
def nobody_serves(url: str) -> Iterator[bool]:
    """Whether nobody serves the database; then nobody begins to while the block lasts.

    SQLite: always, because whoever asks holds its file.
    """
    if make_url(url).get_backend_name() == "sqlite":
        yield True
        return
    with _engine(url).connect() as connection:
        connection.execute(NOTICED)
        yield bool(connection.scalar(TAKE_ALONE, {"lock": SERVING}))


class _Only:
    """The one process of a SQLite file."""

    is_alone = True

    def let_others_in(self) -> None:
        """There are none."""

    def look_after(self) -> None:
        """The system keeps the file's lock."""


class _Shared:
    """One of those who serve a PostgreSQL database. locks: those that it shares."""

    def __init__(self, url: str, locks: list[int]) -> None:
        self.is_alone = False
        self._engine = _engine(url)
        self._connection: Connection | None = None
        self._locks, self._shared = locks, set[int]()
        self._asking = Lock()

    def begin(self) -> None:
        self.is_alone = WORKING in self._locks and self._ask(TAKE_ALONE, WORKING)
        until = time.monotonic() + PATIENCE_S
        while not self._share_all() and time.monotonic() < until:
            time.sleep(LOOK_AGAIN_S)
        if SERVING not in self._shared:
            raise HeldByOne(
                "another command has this database to itself, because it changes the key. Start "
                "again when that one has ended."
            )

    def let_others_in(self) -> None:
        if self.is_alone:
            self._try(lambda: self._ask(LET_GO, WORKING))

    def look_after(self) -> None:
        was_open = self._connection is not None
        if not self._try(self._share_all) and was_open:
            self._try(self._share_all)  # on a new connection

    def close(self) -> None:
        self._hang_up()
        self._engine.dispose()

    def _share_all(self) -> bool:
        """Whether it has them all; asked of the server, so that a dead line is found out."""
        self._shared |= {lock for lock in self._missing() if self._ask(SHARE, lock)}
        return self._ask(LOOK) and not self._missing()

    def _missing(self) -> set[int]:
        return set(self._locks) - self._shared

    def _ask(self, statement: TextClause, lock: int | None = None) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.execute(NOTICED)
        return bool(self._connection.scalar(statement, {} if lock is None else {"lock": lock}))

    def _try(self, work: Callable[[], object]) -> bool:
        """Whether it could be asked."""
        with self._asking:
            try:
                work()
            except Exception as error:  # the driver's, SQLAlchemy's, the system's
                log.warning("others do not see this process at work: %s", type(error).__name__)
                self._hang_up()
                return False
        return True

    def _hang_up(self) -> None:
        self._shared.clear()
        if self._connection is not None:
            with suppress(Exception):  # it is broken anyway; what is left is the socket
                self._connection.invalidate()
                self._connection.close()
            self._connection = None


def _engine(url: str) -> Engine:
    options = {"isolation_level": "AUTOCOMMIT", "poolclass": NullPool, "connect_args": LIVELY}
    return create_engine(url, **options)
