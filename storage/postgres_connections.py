"""PostgreSQL's connections: those that write, in transactions, and those that only read.

What is prepared stays prepared on the connection, so the one that was used last is used next, and
nothing is rolled back that need not be: with each ROLLBACK the driver forgets what it prepared. A
look therefore runs without a transaction of its own. Each statement of it sees what is committed,
as it did inside one: READ COMMITTED gives no more. Looks that belong together have one of their
own, which sees one moment.

A connection is looked at before it serves, without a word to the server: one that the server has
closed has an end to be read, and one whose statement was never waited for still works on it.

What somebody outside waits for has connections of its own, and does not wait long for what others
hold: a process that stands still in the middle of a unit keeps its rows for a minute.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from storage.far_bell import LIVELY

WRITERS, FIRST_WRITERS, READERS = 20, 4, 12  # of a process
LONGEST_PAUSE_S = 60  # between two statements of a unit, or of looks that belong together
LONGEST_LOCK_S = 1  # that a unit waits for somebody else's, when somebody outside waits for it
_ACTIVE = 1  # libpq's PQTRANS_ACTIVE: a statement is under way
MOST_PREPARED = 300  # on one connection
Writer = Callable[[Any], str]  # of JSON


def open_writers(url: str, json: Writer) -> Engine:
    """For units, each in its transaction."""
    engine = _open(url, WRITERS, json_serializer=json)
    event.listen(engine, "connect", _prepare_to_write)
    return engine


def open_first_writers(url: str, json: Writer) -> Engine:
    """For units that somebody outside waits for."""
    engine = _open(url, FIRST_WRITERS, json_serializer=json)
    event.listen(engine, "connect", _prepare_to_write)
    event.listen(engine, "connect", _prepare_to_wait_little)
    return engine


def open_readers(url: str, json: Writer) -> Engine:
    """For looks; the server refuses what would change anything."""
    engine = _open(
        url,
        READERS,
        json_serializer=json,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
    )
    event.listen(engine, "connect", _prepare_to_read)
    return engine


@contextmanager
def at_one_moment(connection: Connection) -> Iterator[None]:
    """What is looked at on a reader's connection meanwhile is as it was at the first look.

    It ends with a COMMIT whatever happened: with a ROLLBACK the driver forgets what it prepared.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        yield
    except BaseException:
        try:
            driver.execute("COMMIT")
        except driver.Error:  # whoever asked on it was taken off: it serves nobody any more
            connection.invalidate()
        raise
    driver.execute("COMMIT")


def _open(url: str, count: int, **more: Any) -> Engine:
    engine = create_engine(
        url,
        pool_size=count,
        max_overflow=0,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args=LIVELY,
        **more,
    )
    event.listen(engine, "checkout", _look)
    return engine


def _look(driver: Any, _record: Any, _proxy: Any) -> None:
    """Twice, because last words may stand before the end."""
    try:
        driver.pgconn.consume_input()
        driver.pgconn.consume_input()
    except driver.OperationalError as error:
        raise DisconnectionError("the server has closed it") from error
    if driver.pgconn.transaction_status == _ACTIVE:
        raise DisconnectionError("whoever asked on it was taken off")


def _prepare_to_write(driver: Any, _record: Any) -> None:
    """A process that was stopped in the middle of a unit would keep its customers for as long as
    it stands still. PostgreSQL ends its transaction; if it wakes, what it then writes is refused.
    """
    driver.prepared_max = MOST_PREPARED
    driver.autocommit = True
    _end_long_pauses(driver)
    driver.autocommit = False


def _prepare_to_wait_little(driver: Any, _record: Any) -> None:
    driver.autocommit = True
    driver.execute(f"SET lock_timeout = '{LONGEST_LOCK_S}s'")
    driver.autocommit = False


def _prepare_to_read(driver: Any, _record: Any) -> None:
    """Only what is `Prepared` is prepared here: a search is planned for what is searched.

    A process that was stopped in the middle of looks that belong together would keep the tables
    from being migrated, and what was deleted from being swept.
    """
    driver.prepared_max = MOST_PREPARED
    driver.prepare_threshold = sys.maxsize
    driver.server_cursor_factory = _held(driver.server_cursor_factory)
    driver.execute("SET default_transaction_read_only = on")
    _end_long_pauses(driver)


def _end_long_pauses(driver: Any) -> None:
    driver.execute(f"SET idle_in_transaction_session_timeout = '{LONGEST_PAUSE_S}s'")


def _held(cursor: Callable[..., Any]) -> Callable[..., Any]:
    """A cursor on the server ends with its transaction, and there is none."""

    def make(driver: Any, **how: Any) -> Any:
        return cursor(driver, **{**how, "withhold": True})

    return make
