"""A browser that does not read what it is sent: let go, before what waits for it fills the memory.

Engine.IO queues for each socket without a bound, and hands the whole queue to the one who writes.
Here the queue has one, in packets and in signs; when it is reached the connection is cut and the
queue takes nothing more. The browser comes back and asks the journal for what it missed. A socket
that Engine.IO has given up, and whose other side neither reads nor leaves, is cut as well.
"""

import logging
from contextlib import suppress
from typing import Any

import gevent
import simple_websocket
from engineio.async_drivers.gevent import WebSocketWSGI
from gevent import socket
from gevent.queue import JoinableQueue

log = logging.getLogger(__name__)

MOST_PACKETS = 1000
MOST_SIGNS = 4_000_000  # of one socket; as many again may be in the hands of the one who writes
LEAVING_S = 10.0  # for a socket that was given up to say goodbye


class Waiting(JoinableQueue):  # type: ignore[misc] # gevent ships no types
    """What is to be sent to one socket. None: there is nothing more to come."""

    def __init__(self) -> None:
        super().__init__()
        self.door: OneSocket | None = None
        self.signs = 0
        self.is_over = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 # as gevent's
        """Put it behind the others, unless there are too many."""
        if item is None:
            gevent.spawn_later(LEAVING_S, self._cut)
        elif self.is_over or self._is_full(_signs(item)):
            self._let_go()
            return
        self.signs += _signs(item)
        super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002 # as gevent's
        """The oldest."""
        item = super().get(block, timeout)
        self.signs -= _signs(item)
        return item

    def _is_full(self, more: int) -> bool:
        is_too_long = self.signs > 0 and self.signs + more > MOST_SIGNS
        return is_too_long or self.qsize() >= MOST_PACKETS

    def _let_go(self) -> None:
        if not self.is_over:
            self.is_over = True
            log.warning("a browser that reads too slowly is let go")
            self._cut()

    def _cut(self) -> None:
        if self.door is not None:
            self.door.cut()


class OneSocket(WebSocketWSGI):  # type: ignore[misc] # engineio ships no types
    """One browser's connection. handler: bound to Engine.IO's socket, whose queue is ours."""

    def __init__(self, handler: Any, server: Any, most_bytes: int) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = most_bytes
        self._queue: Waiting = handler.__self__.queue

    def __call__(self, environ: dict[str, Any], _start: Any) -> Any:
        self.ws = simple_websocket.Server(environ, **self.server_args)
        self.ws.sock = _Whole(self.ws.sock)
        self._queue.door = self
        try:
            return self.app(self)
        finally:
            self._queue.door = None

    def cut(self) -> None:
        """Nobody reads or writes here any more, also who is at it."""
        with suppress(OSError):
            self.ws.sock.shutdown(socket.SHUT_RDWR)


class _Whole:
    """A socket that sends all of what it is given: simple-websocket does not look what is left."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def bound(engine: Any, most_bytes: int) -> None:
    """Give an Engine.IO server queues that end. most_bytes: of one message that comes in."""

    def one_socket(handler: Any, server: Any) -> OneSocket:
        return OneSocket(handler, server, most_bytes)

    engine._async = {**engine._async, "queue": Waiting, "websocket": one_socket}


def _signs(item: Any) -> int:
    data = getattr(item, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0
