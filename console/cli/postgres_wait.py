"""How a greenlet waits for PostgreSQL: by one watcher on the hub.

Where gevent is at work, psycopg waits by gevent's copy of `poll`: for each wait a poll object, an
event, a `Timeout`, and a look every tenth of a second, which cost more than the statement that is
waited for. What such a function must do is told in psycopg's `waiting`.
"""

from collections.abc import Generator
from os import fstat
from select import POLLIN, POLLOUT
from time import monotonic
from typing import Any, TypeVar

from gevent import get_hub, monkey
from gevent.hub import Waiter
from psycopg import OperationalError, waiting
from psycopg.errors import _WaitTimeout
from psycopg.waiting import Ready, Wait

T = TypeVar("T")

LOOK_AGAIN_S = 1.0  # nothing tells whoever waits that a descriptor was closed: it is looked at

_poll: Any = monkey.get_original("select", "poll")  # this one never waits
_SOUGHT = {Wait.R: POLLIN, Wait.W: POLLOUT, Wait.RW: POLLIN | POLLOUT}


def install() -> None:
    """Let every connection of this process wait like this."""
    waiting.wait = wait


def wait(
    gen: Generator[Wait, Ready | int, T],
    fileno: int,
    interval: float = 0.0,
    timeout: float | None = None,
) -> T:
    """Tell the generator what it may do until it is done; what it returns.

    interval: the longest silence, though not under `LOOK_AGAIN_S`: gevent hears signals by itself.
    timeout: seconds. Raises `_WaitTimeout`, and OperationalError for a closed descriptor.
    """
    deadline = None if timeout is None else monotonic() + timeout
    silence_s = max(interval, LOOK_AGAIN_S)
    try:
        sought = next(gen)
        while True:
            sought = gen.send(_ready(fileno, sought, silence_s, deadline))
            if deadline is not None and monotonic() >= deadline:
                raise _WaitTimeout("wait timeout expired")
    except StopIteration as done:
        result: T = done.value
        return result


def _ready(fileno: int, sought: Wait, silence_s: float, deadline: float | None) -> int:
    """What can be done now: reading is 1 and writing 2, for psycopg as for gevent."""
    if sought & Wait.W and (found := _look(fileno, sought)):  # there is nearly always room
        return found
    if deadline is not None:
        silence_s = max(0.0, min(silence_s, deadline - monotonic()))
    found = _sleep_until(fileno, sought, silence_s)
    if found <= 0:
        _check_open(fileno)
    return max(found, 0)


def _look(fileno: int, sought: Wait) -> int:
    poll = _poll()
    poll.register(fileno, _SOUGHT[sought])
    found = 0
    for _, events in poll.poll(0):
        found = (Wait.R if events & POLLIN else 0) | (Wait.W if events & POLLOUT else 0)
    return found


def _sleep_until(fileno: int, sought: int, silence_s: float) -> int:
    """Below nothing for a descriptor that is none."""
    hub = get_hub()
    waiter = Waiter(hub)
    watcher, clock = hub.loop.io(fileno, sought), hub.loop.timer(silence_s)
    watcher.start(waiter.switch, pass_events=True)
    clock.start(waiter.switch, 0)
    try:
        found: int = waiter.get()
        return found
    finally:
        watcher.close()
        clock.close()


def _check_open(fileno: int) -> None:
    try:
        fstat(fileno)
    except OSError as error:
        raise OperationalError("the connection's socket was closed") from error
