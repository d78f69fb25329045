"""One verb, one transaction: how every change reaches the database, on SQLite and PostgreSQL.

SQLite has one writer. Units of work queue up for it, and all that wait are committed together
(group commit), each inside its own savepoint, so that one that fails takes nobody with it; a
caller returns after the commit that holds its unit. PostgreSQL runs each unit in a transaction of
its own. Journal entries are numbered as the last statements of a unit (see `journal`).

Sessions do not flush before each query, because that wrote a talk's row up to five times a turn: a
verb that asks for what it has changed flushes first, and so does whatever loads a row afresh.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from json import JSONEncoder
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from storage import journal
from storage.bell import Bell
from storage.far_bell import Teller

T = TypeVar("T")

RETRIED_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
TRIES_ON_CONFLICT = 5
COMPACT_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Executor(Protocol):
    """Runs functions one after another on one thread; only the caller waits."""

    def run(self, work: Callable[[], T]) -> T: ...

    def close(self) -> None: ...


class DirectExecutor:
    """In the caller's own thread, one at a time: for tests and short commands."""

    def __init__(self) -> None:
        self._lock = Lock()

    def run(self, work: Callable[[], T]) -> T:
        with self._lock:
            return work()

    def close(self) -> None:
        """Nothing runs on its own."""


class ThreadExecutor:
    """On one plain thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-writer")

    def run(self, work: Callable[[], T]) -> T:
        return self._pool.submit(work).result()

    def close(self) -> None:
        self._pool.shutdown()


class Store(Protocol):
    """The memory of one process: `write` for a verb, `read` for a look."""

    dialect: str
    name: str  # of this process among those that share the database: see `far_bell`
    bell: Bell

    def write(self, work: Callable[[Session], T]) -> T:
        """Do the work in one transaction; return after its commit. What it raises undoes it."""
        ...

    def read(self, work: Callable[[Session], T]) -> T:
        """Do the work on a connection that cannot write."""
        ...

    def close(self) -> None: ...


def open_store(url: str, *, executor: Executor | None = None) -> Store:
    """The store behind a URL (`sqlite:///…` or `postgresql+psycopg://…`), already migrated."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url, executor or DirectExecutor())
    return PostgresStore(url)


@dataclass(slots=True)
class _Unit:
    work: Callable[[Session], Any]
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False
    topics: set[str] = field(default_factory=set)


class SqliteStore:
    """One file, one writer; readers have connections of their own (WAL)."""

    dialect = "sqlite"
    name = ""

    def __init__(self, url: str, executor: Executor) -> None:
        self.bell = Bell()
        self._lasting: dict[str, Any] = {"versions": {}}  # what rows may remember between units
        self._executor = executor
        self._waiting: deque[_Unit] = deque()
        self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", is_writer=True)
        self._reader = _sqlite_engine(url, begin="BEGIN", is_writer=False)
        self._connection: Connection | None = None

    def write(self, work: Callable[[Session], T]) -> T:
        unit = _Unit(work)
        self._waiting.append(unit)
        self._executor.run(lambda: self._commit_waiting(unit))
        if unit.error is not None:
            raise unit.error
        self.bell.ring(unit.topics)
        result: T = unit.result
        return result

    def read(self, work: Callable[[Session], T]) -> T:
        with Session(self._reader, info=self._lasting) as db:
            return work(db)

    def close(self) -> None:
        self._executor.run(self._drop_connection)
        self._executor.close()
        self._writer.dispose()
        self._reader.dispose()

    def _commit_waiting(self, mine: _Unit) -> None:
        if mine.is_done:  # the group before took it along
            return
        units = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            if self._connection is None:
                self._connection = self._writer.connect()
            with self._connection.begin():
                for unit in units:
                    _run_in_savepoint(unit, self._connection, self._lasting)
        except BaseException as error:  # the group itself failed: nobody's unit holds
            for unit in units:
                unit.error = unit.error or error
            self._drop_connection()
            if not isinstance(error, Exception):  # the process is told to stop
                raise
        finally:
            for unit in units:
                unit.is_done = True

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
        self._engine = create_engine(
            url,
            pool_size=16,
            max_overflow=16,
            pool_pre_ping=True,
            json_serializer=COMPACT_JSON,
        )
        self._teller = Teller(self._engine)
        self.name = self._teller.name

    def write(self, work: Callable[[Session], T]) -> T:
        for attempt in range(1, TRIES_ON_CONFLICT):
            try:
                return self._write_once(work)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRIED_SQLSTATES:
                    raise
                time.sleep(0.01 * attempt)
        return self._write_once(work)

    def read(self, work: Callable[[Session], T]) -> T:
        with Session(self._engine, expire_on_commit=False, info=self._lasting) as db:
            db.connection(execution_options={"postgresql_readonly": True})
            return work(db)

    def close(self) -> None:
        self._engine.dispose()

    def _write_once(self, work: Callable[[Session], T]) -> T:
        lasting = self._lasting
        with Session(self._engine, autoflush=False, expire_on_commit=False, info=lasting) as db:
            result = work(db)
            db.flush()
            topics = journal.number(db)
            db.commit()
        self.bell.ring(topics)
        self._teller.tell(topics)
        return result


def _run_in_savepoint(unit: _Unit, connection: Connection, lasting: dict[str, Any]) -> None:
    with Session(
        connection,
        join_transaction_mode="create_savepoint",
        autoflush=False,
        expire_on_commit=False,
        info=lasting,
    ) as db:
        try:
            unit.result = unit.work(db)
            db.flush()
            unit.topics = journal.number(db)
            db.commit()
        except BaseException as error:  # carried to the caller, who raises it
            db.rollback()
            unit.error = error


def _sqlite_engine(url: str, *, begin: str, is_writer: bool) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 15}}
    options["json_serializer"] = COMPACT_JSON
    if is_writer:
        options["poolclass"] = NullPool
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        pragmas = ["foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"]
        # In memory, or each savepoint that changes more than 64 KiB makes a file of its own.
        pragmas += ["temp_store=MEMORY", "cache_size=-32000"]
        pragmas.append("journal_mode=WAL" if is_writer else "query_only=ON")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
