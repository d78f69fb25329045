"""Processes of the product on one thread: each has a store of its own, and dies with all it has.

A call to LINE is where a process waits for somebody else. There it is put aside, so that whatever
may happen meanwhile can happen: its code runs on a greenlet, from one such place to the next.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

import pytest
from greenlet import getcurrent, greenlet
from sqlmodel import Session

from storage import unit
from storage.unit import Store, open_store
from tests.laws.killing import Failpoint, Killed

T = TypeVar("T")


@dataclass
class Engines:
    """Each process connects by the same engine in every world, and all share what was compiled,
    because that is dear. Nothing else of it lasts: its connections end with their process."""

    owner: str = ""
    _made: dict[tuple[str, str], Any] = field(default_factory=dict)
    _first: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """For as long as the block lasts."""
        open_sqlite = unit.open_sqlite
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(unit, "open_sqlite", partial(self._find, open_sqlite))
            yield

    def _find(self, make: Callable[..., Any], url: str, **how: Any) -> Any:
        kind = f"{url} {sorted(how.items())}"
        if (self.owner, kind) not in self._made:
            engine = self._made[self.owner, kind] = make(url, **how)
            first = self._first.setdefault(kind, engine)
            if first is engine:
                engine.connect().close()  # its dialect asks once what it speaks to
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return self._made[self.owner, kind]


class HasStore(Protocol):
    """Whoever has a store."""

    store: Any


class Process:
    """One process. `begin` is what it does at its start, each time that it is started."""

    def __init__(self, name: str, url: str, failpoint: Failpoint, engines: Engines) -> None:
        self.name, self.url, self.failpoint, self._engines = name, url, failpoint, engines
        self.begin: list[Callable[[], None]] = []
        self.is_alive = False
        self.store: Store
        self._connections: list[Any] = []

    def start(self) -> None:
        """Born anew, with nothing in its memory."""
        with self.at_work():
            self._engines.owner = self.name
            self.store = open_store(self.url)
            self.is_alive = True
            for begin in self.begin:
                begin()

    @contextmanager
    def at_work(self, dies_at: int | None = None) -> Iterator[None]:
        """What is connected meanwhile is its own. Raises Killed at the write that it dies at."""
        opened, self.failpoint.opened = self.failpoint.opened, self._connections
        try:
            with self.failpoint.watched(dies_at):
                yield
        finally:
            self.failpoint.opened = opened

    def end(self) -> None:
        """Gone, as the system ends a process: nothing is committed, every connection is closed."""
        self.is_alive = False
        self.store.close()
        for connection in self._connections:
            connection.close()
        self._connections.clear()


class Eyes:
    """The test's own store: not a part of the product, looked through at any time, never killed."""

    def __init__(self, url: str, failpoint: Failpoint, engines: Engines) -> None:
        self._failpoint = failpoint
        self._connections: list[Any] = []
        engines.owner = "eyes"
        with self._aside():
            self._store = open_store(url)

    def read(self, work: Callable[[Session], T]) -> T:
        with self._aside():
            return self._store.read(work)

    def write(self, work: Callable[[Session], T]) -> T:
        with self._aside():
            return self._store.write(work)

    def close(self) -> None:
        with self._aside():
            self._store.close()

    @contextmanager
    def _aside(self) -> Iterator[None]:
        point = self._failpoint
        opened, is_watching = point.opened, point.is_watching
        point.opened, point.is_watching = self._connections, False
        try:
            yield
        finally:
            point.opened, point.is_watching = opened, is_watching


class Seat:
    """The store of a process for whoever outlives it: always the one that it has now."""

    process: HasStore

    def __getattr__(self, name: str) -> Any:
        return getattr(self.process.store, name)


@dataclass(eq=False)
class Flight:
    """Work that waits for LINE. where: `start`, `call` (not with LINE yet), `answer`, `over`."""

    process: Process
    name: str
    work: greenlet
    where: str = "start"
    fault: str | None = None


@dataclass
class Flights:
    """All that is under way, oldest first."""

    under_way: list[Flight] = field(default_factory=list)

    def board(self, process: Process, name: str, work: Callable[[], object]) -> Flight:
        """It has not begun."""
        flight = Flight(process, name, greenlet(lambda: work() and None))
        self.under_way.append(flight)
        return flight

    def go_on(self, flight: Flight, dies_at: int | None = None) -> None:
        """To the next place where it waits, or to its end. Raises Killed."""
        try:
            with flight.process.at_work(dies_at):
                flight.where = flight.work.switch() or "over"
        finally:
            if flight.work.dead:
                flight.where = "over"
                self.under_way.remove(flight)

    def wait(self, where: str) -> Flight | None:
        """Called by the work itself: somebody else goes on. None when nothing was put aside."""
        found = next((one for one in self.under_way if one.work is getcurrent()), None)
        if found is not None:
            found.work.parent.switch(where)
        return found

    def lose(self, process: Process) -> None:
        """Its process is gone."""
        for flight in [one for one in self.under_way if one.process is process]:
            self.under_way.remove(flight)
            with process.at_work():
                process.failpoint.is_dead = True
                try:
                    flight.work.throw(Killed)
                except Killed:
                    continue

    def is_busy(self, process: Process, name: str) -> bool:
        """Whether a loop of a process is still at its work."""
        return any(one.process is process and one.name == name for one in self.under_way)
