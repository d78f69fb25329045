"""Those who work beside the web server, and how a process leaves: nobody is cut off.

In this order: no new request; the open ones are answered; nothing more is claimed; calls to LINE
that are under way get their outcome written down; the browsers are told to come again, each at a
moment of its own. What is not finished in time is what a crash leaves, and found at the next start.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol

import gevent
from gevent.pool import Pool

from console.server import Server

OPEN_REQUESTS_S = 5.0
CALLS_S = 10.0

log = logging.getLogger("madoguchi")


class Part(Protocol):
    """What runs beside the web server."""

    def loops(self) -> list[Callable[[], None]]: ...

    def stop(self) -> None: ...


@dataclass(slots=True)
class Crew:
    """A part with its loops at work.

    calls: to others, which it waits for before it goes. farewell: what it says then.
    """

    part: Part
    calls: Sequence[Pool] = ()
    farewell: Callable[[], None] = lambda: None
    _loops: list[Any] = field(default_factory=list)

    def start(self) -> None:
        """Run its loops, each beside the others."""
        self._loops = [gevent.spawn(loop) for loop in self.part.loops()]

    def stop(self) -> None:
        """Say goodbye, and claim nothing more."""
        self.farewell()
        self.part.stop()

    def join(self) -> None:
        """Until its loops are over and its calls have ended."""
        gevent.joinall(self._loops)
        for pool in self.calls:
            pool.join()

    def kill(self) -> bool:
        """End what is not over; whether there was anything."""
        left = [one for one in (*self._loops, *chain.from_iterable(self.calls)) if not one.dead]
        gevent.killall(left, timeout=1)
        return bool(left)


def leave(server: Server, workers: Sequence[Crew], browsers: Sequence[Crew]) -> None:
    """End the work of a process in the order in which nobody loses anything."""
    if not server.leave(OPEN_REQUESTS_S):
        log.warning("requests were still open after %s s", OPEN_REQUESTS_S)
    _finish(workers)
    _finish(browsers)


def _finish(crews: Sequence[Crew]) -> None:
    for crew in crews:
        crew.stop()
    with gevent.Timeout(CALLS_S, exception=False):
        for crew in crews:
            crew.join()
    for crew in crews:
        if crew.kill():
            log.warning("%s was not done after %s s", type(crew.part).__name__, CALLS_S)
