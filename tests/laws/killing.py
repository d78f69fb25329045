"""A process that dies at a chosen write: its driver raises there, and at everything after.

What stands on its connections is never committed and never rolled back by it; they are closed, as
the system closes them for a process that is gone.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

WRITES = ("INSERT", "UPDATE", "DELETE")
TELLER = "teller"  # the thread that tells other processes what was committed


class Killed(BaseException):
    """The process is gone: nothing in it may catch this and go on."""


@dataclass
class Failpoint:
    """Where the process dies: at which of its boundaries (None: it lives).

    reached: their names. opened: the connections of the process, which end with it.
    """

    at: int | None = None
    reached: list[str] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)
    is_dead: bool = False
    is_watching: bool = False

    @contextmanager
    def watched(self, at: int | None) -> Iterator[None]:
        """A process from its start to its end, or to its death."""
        self.at, self.reached, self.is_dead, self.is_watching = at, [], False, True
        try:
            yield
        finally:
            self.is_watching = False

    @contextmanager
    def process(self) -> Iterator[None]:
        """Whatever is connected in it is closed at its end, also what a pool has lost."""
        self.opened.clear()
        try:
            yield
        finally:
            for connection in self.opened:
                connection.close()
            self.opened.clear()

    def runs(self, statement: Any) -> None:
        """A statement is about to run."""
        words = (statement.decode() if isinstance(statement, bytes) else str(statement)).split(
            None, 1
        )
        self.lives()
        if words and words[0].upper() in WRITES:
            self.reach(words[0].lower())

    def lives(self) -> None:
        """Nothing is done any more by who is dead."""
        if self.is_watching and self.is_dead:
            raise (
                SystemExit if threading.current_thread().name == TELLER else Killed
            )  # a thread ends by it

    def reach(self, name: str) -> None:
        """A boundary between two writes."""
        if not self.is_watching:
            return
        if not self.is_dead:
            self.reached.append(name)
            self.is_dead = len(self.reached) == self.at
        if self.is_dead:
            raise Killed


def watch(failpoint: Failpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the drivers of both databases stop at the failpoint."""
    _watch_sqlite(failpoint, monkeypatch)
    _watch_postgres(failpoint, monkeypatch)
    told = threading.excepthook

    def tell(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_type is not SystemExit:  # the teller of a dead process ends by it
            told(ended)

    monkeypatch.setattr(threading, "excepthook", tell)


def _watch_sqlite(failpoint: Failpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, *values: Any) -> Any:
            failpoint.runs(statement)
            return super().execute(statement, *values)

        def executemany(self, statement: str, *values: Any) -> Any:
            failpoint.runs(statement)
            return super().executemany(statement, *values)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            failpoint.lives()
            return super().cursor(Cursor)

        def execute(self, statement: str, *values: Any) -> Any:
            return self.cursor().execute(statement, *values)

        def commit(self) -> None:
            failpoint.reach("before the commit")
            super().commit()
            failpoint.reach("after the commit")

        def rollback(self) -> None:
            failpoint.lives()
            super().rollback()

    connect_as_ever = sqlite3.dbapi2.connect

    def connect(*given: Any, **options: Any) -> Any:
        failpoint.lives()
        made = connect_as_ever(*given, **options, factory=Connection)
        failpoint.opened.append(made)
        return made

    monkeypatch.setattr(sqlite3.dbapi2, "connect", connect)


def _watch_postgres(failpoint: Failpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *values: Any, **options: Any) -> Any:
            failpoint.runs(query)
            return super().execute(query, *values, **options)

        def executemany(self, query: Any, *values: Any, **options: Any) -> None:
            failpoint.runs(query)
            super().executemany(query, *values, **options)

    class Connection(psycopg.Connection[Any]):
        def __init__(self, *given: Any, **options: Any) -> None:
            failpoint.lives()
            super().__init__(*given, **options)
            self.cursor_factory = Cursor
            failpoint.opened.append(self)

        def commit(self) -> None:
            failpoint.reach("before the commit")
            super().commit()
            failpoint.reach("after the commit")

        def rollback(self) -> None:
            failpoint.lives()
            super().rollback()

    monkeypatch.setattr(psycopg, "connect", Connection.connect)
