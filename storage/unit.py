"""One verb, one transaction: how every change reaches the database, on SQLite and PostgreSQL.

SQLite has one writer. Units of work queue up for it, and those that wait are committed together
(group commit), each inside its own savepoint, so that one that fails takes nobody with it; a
caller returns after the commit that holds its unit. What somebody outside waits for goes before the
others, and closes its group soon (`write_first`). Units run in their callers' thread, one after
another; only the commit, which waits for the disk, is handed to a thread of its own: Python in two
threads would fight for the interpreter. PostgreSQL runs each unit in a transaction of its own.
Journal entries are numbered as the last statements of a unit (see `journal`).

Sessions do not flush before each query, because that wrote a talk's row up to five times a turn: a
verb that asks for what it has changed flushes first, and so does whatever loads a row afresh.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONEncoder
from threading import Lock
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import audit, journal, measures
from storage.bell import Bell
from storage.committer import CommitHere, Committer
from storage.far_bell import Teller
from storage.objects import write_changes
from storage.postgres_connections import (
    at_one_moment,
    open_first_writers,
    open_readers,
    open_writers,
)
from storage.prepared import DRIVER
from storage.sqlite_connections import open_sqlite

T = TypeVar("T")

RETRIED_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
TRIES_ON_CONFLICT = 5
LONGEST_GROUP_S = 0.03  # units of others that one waits for before its commit
FIRST_GROUP_S = 0.005  # the same, for one that goes before the others; some of them still join it
COMPACT_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Store(Protocol):
    """The memory of one process: `write` for a verb, `read` for a look."""

    dialect: str
    name: str  # of this process among those that share the database: see `far_bell`
    bell: Bell

    def write(self, work: Callable[[Session], T]) -> T:
        """Do the work in one transaction; return after its commit. What it raises undoes it."""
        ...

    def write_first(self, work: Callable[[Session], T]) -> T:
        """The same for what somebody outside waits for: ahead of whatever waits to be written, and
        refused rather than kept waiting for what another process holds.
        """
        ...

    def read(self, work: Callable[[Session], T]) -> T:
        """Do the work on a connection that cannot write."""
        ...

    def read_as_one(self, work: Callable[[Session], T]) -> T:
        """The same for several looks that belong together: all of it true at one moment."""
        ...

    def close(self) -> None: ...


def open_store(url: str, *, committer: Committer | None = None) -> Store:
    """The store behind a URL (`sqlite:///…` or `postgresql+psycopg://…`), already migrated."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url, committer or CommitHere())
    return PostgresStore(url)


@dataclass(slots=True)
class _Unit:
    work: Callable[[Session], Any]
    is_first: bool = False
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False
    topics: set[str] = field(default_factory=set)


class SqliteStore:
    """One file, one writer; readers have connections of their own (WAL)."""

    dialect = "sqlite"
    name = ""

    def __init__(
        self, url: str, committer: Committer, *, longest_group_s: float = LONGEST_GROUP_S
    ) -> None:
        self.bell = Bell()
        self._lasting: dict[str, Any] = {"versions": {}}  # what rows may remember between units
        self._committer = committer
        self._longest_group_s = longest_group_s
        self._waiting: deque[_Unit] = deque()
        self._writing = Lock()
        self._writer = open_sqlite(url, json=COMPACT_JSON, is_writer=True)
        self._reader = open_sqlite(url, json=COMPACT_JSON, is_writer=False)
        self._connection: Connection | None = None

    def write(self, work: Callable[[Session], T]) -> T:
        unit = _Unit(work)
        self._waiting.append(unit)
        result: T = self._result_of(unit)
        return result

    def write_first(self, work: Callable[[Session], T]) -> T:
        unit = _Unit(work, is_first=True)
        self._waiting.appendleft(unit)
        result: T = self._result_of(unit)
        return result

    def read(self, work: Callable[[Session], T]) -> T:
        with Session(self._reader, info=self._lasting) as db:
            return work(db)

    read_as_one = read  # from its first statement on, a look sees what was committed then

    def close(self) -> None:
        with self._writing:
            self._drop_connection()
        self._committer.close()
        self._writer.dispose()
        self._reader.dispose()

    def _result_of(self, unit: _Unit) -> Any:
        with self._writing:
            while not unit.is_done:  # a group before may have taken it along
                self._commit_group()
        if unit.error is not None:
            raise unit.error
        self.bell.ring(unit.topics)
        return unit.result

    def _commit_group(self) -> None:
        units = [self._waiting.popleft()]
        try:
            if self._connection is None:
                self._connection = self._writer.connect()
            transaction = self._connection.begin()
            self._run_group(units, self._connection)
            with measures.COMMIT_SECONDS.time():
                self._committer.commit(transaction.commit)
        except BaseException as error:  # the group itself failed: nobody's unit holds
            for unit in units:
                unit.error = unit.error or error
            self._drop_connection()
            if not isinstance(error, Exception):  # the process is told to stop
                raise
        finally:
            for unit in units:
                unit.is_done = True

    def _run_group(self, units: list[_Unit], connection: Connection) -> None:
        """Run the first unit, then what waits and what comes meanwhile, for a short time: shorter
        when one is there that goes before the others."""
        until = time.monotonic() + self._longest_group_s
        while True:
            _run_in_savepoint(units[-1], connection, self._lasting)
            if units[-1].is_first:
                until = min(until, time.monotonic() + FIRST_GROUP_S)
            self._committer.breathe()
            if not self._waiting or time.monotonic() >= until:
                return
            units.append(self._waiting.popleft())

    def _drop_connection(self) -> None:
        """Whatever is open on it is rolled back; the next group begins on a new one."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class PostgresStore:
    """A transaction for each unit, repeated when PostgreSQL asks for it."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.bell = Bell()
        self._lasting: dict[str, Any] = {"versions": {}}  # what rows may remember between units
        self._writers = open_writers(url, COMPACT_JSON)
        self._first_writers = open_first_writers(url, COMPACT_JSON)
        self._readers = open_readers(url, COMPACT_JSON)
        self._teller = Teller(url)
        self.name = self._teller.name

    def write(self, work: Callable[[Session], T]) -> T:
        return self._write(work, self._writers)

    def write_first(self, work: Callable[[Session], T]) -> T:
        return self._write(work, self._first_writers)

    def read(self, work: Callable[[Session], T]) -> T:
        with self._readers.connect() as connection:
            return self._look(work, connection)

    def read_as_one(self, work: Callable[[Session], T]) -> T:
        with self._readers.connect() as connection, at_one_moment(connection):
            return self._look(work, connection)

    def close(self) -> None:
        self._teller.close()
        for engine in (self._writers, self._first_writers, self._readers):
            engine.dispose()

    def _look(self, work: Callable[[Session], T], connection: Connection) -> T:
        info = self._info(connection)
        with Session(connection, expire_on_commit=False, info=info) as db:
            return work(db)

    def _write(self, work: Callable[[Session], T], writers: Engine) -> T:
        for attempt in range(1, TRIES_ON_CONFLICT):
            try:
                return self._write_once(work, writers)
            except Exception as error:
                if not _is_conflict(error):
                    raise
                time.sleep(0.01 * attempt)
        return self._write_once(work, writers)

    def _write_once(self, work: Callable[[Session], T], writers: Engine) -> T:
        with writers.connect() as connection:
            transaction = connection.begin()
            with Session(
                connection,
                join_transaction_mode="rollback_only",
                autoflush=False,
                expire_on_commit=False,
                info=self._info(connection),
            ) as db:
                result = work(db)
                write_changes(db)
                audit.chain(db)
                topics = journal.number(db)
            with measures.COMMIT_SECONDS.time():
                transaction.commit()
        self.bell.ring(topics)
        self._teller.tell(topics)
        return result

    def _info(self, connection: Connection) -> dict[str, Any]:
        return {**self._lasting, DRIVER: connection.connection.driver_connection}


def _is_conflict(error: Exception) -> bool:
    """Whether PostgreSQL asks to try again; told by SQLAlchemy, or by the driver itself."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return getattr(told, "sqlstate", None) in RETRIED_SQLSTATES


def _run_in_savepoint(unit: _Unit, connection: Connection, lasting: dict[str, Any]) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT unit")
    with Session(
        connection,
        join_transaction_mode="create_savepoint",
        autoflush=False,
        expire_on_commit=False,
        info={**lasting, DRIVER: driver},
    ) as db:
        try:
            unit.result = unit.work(db)
            write_changes(db)
            audit.chain(db)
            unit.topics = journal.number(db)
            db.commit()
        except BaseException as error:  # carried to the caller, who raises it
            db.rollback()
            driver.execute("ROLLBACK TO unit")
            unit.error = error
    driver.execute("RELEASE unit")
