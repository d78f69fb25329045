"""The web server: gevent's pywsgi with Socket.IO, on a listener of our own.

`socketio.run()` stalls every keep-alive request for 44 ms, because it leaves Nagle's algorithm on;
accepted sockets inherit TCP_NODELAY from the listener. eventlet and gevent-websocket are not
maintained, and python-engineio would prefer them: refuse to start where either is importable.

gevent's own way to stop only closes the listener. Ours also takes in what waits there, finishes
the requests that are open, and lets go of connections between two requests.
"""

from importlib.util import find_spec
from time import monotonic
from typing import Any

import gevent
from flask import Flask
from flask_socketio import SocketIO
from gevent import socket
from gevent.pywsgi import WSGIServer

from console.door import House
from console.handler import Handler
from console.live import MAX_EVENT_BYTES
from console.slow_readers import bound
from console.socket_door import SocketDoor

UNWANTED = ("eventlet", "geventwebsocket")
BACKLOG = 1024
REQUEST_UNDER_WAY_S = 0.25  # for a request that its sender has begun, on a connection that rests
LOOK_EVERY_S = 0.01


class UnwantedLibrary(Exception):
    """A library is installed that would take over the server."""


class Server(WSGIServer):  # type: ignore[misc] # gevent ships no types
    """pywsgi that can leave without cutting a request off."""

    handler_class = Handler

    def __init__(self, listener: socket.socket, app: Flask) -> None:
        super().__init__(listener, app, log=None, error_log=None)
        self.is_leaving = False
        self.resting: set[Handler] = set()
        self._open: set[Handler] = set()

    def handle(self, sock: Any, address: Any) -> None:
        handler = self.handler_class(sock, address, self)
        self._open.add(handler)
        try:
            handler.handle()
        except OSError:
            return  # what the application raises is told elsewhere: here the other side is gone
        finally:
            self._open.discard(handler)

    def leave(self, timeout_s: float) -> bool:
        """Take nobody in any more and finish what is open; whether all of it was in time."""
        self.is_leaving = True
        self.stop_accepting()
        while arrived := self.do_read():  # who is connected already is served
            self.do_handle(*arrived)
        self.close()
        self._wait_for_requests(REQUEST_UNDER_WAY_S, also_resting=True)
        for handler in list(self.resting):
            _read_no_more(handler)
        return self._wait_for_requests(timeout_s)

    def _wait_for_requests(self, timeout_s: float, *, also_resting: bool = False) -> bool:
        until = monotonic() + timeout_s
        while any(not h.is_socket and (also_resting or h not in self.resting) for h in self._open):
            if monotonic() > until:
                return False
            gevent.sleep(LOOK_EVERY_S)
        return True


def _read_no_more(handler: Handler) -> None:
    """What has arrived is still read; then the connection is at its end."""
    try:
        handler.socket.shutdown(socket.SHUT_RD)
    except OSError:
        return  # the other side was first


def add_socketio(app: Flask, house: House, origins: list[str]) -> SocketIO:
    """Socket.IO over WebSockets for exactly these origins."""
    for name in UNWANTED:
        if find_spec(name) is not None:
            raise UnwantedLibrary(f"uninstall {name}: it would replace gevent's own server")
    socketio = SocketIO(
        app,
        async_mode="gevent",
        cors_allowed_origins=origins,
        transports=["websocket"],
        max_http_buffer_size=MAX_EVENT_BYTES,
        ping_interval=20,
        ping_timeout=20,
        manage_session=False,
        logger=False,
        engineio_logger=False,
    )
    # Engine.IO measures a message when all of it is in memory; this stops reading before.
    bound(socketio.server.eio, MAX_EVENT_BYTES)
    app.wsgi_app = SocketDoor(app.wsgi_app, house)  # type: ignore[assignment,method-assign] # as Flask says
    return socketio


def listen(host: str, port: int, *, is_shared: bool = False) -> socket.socket:
    """A listening socket without Nagle's wait. Raises OSError when the port is taken.

    is_shared: other processes that say so too may listen there; the system deals connections out.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if is_shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def make_server(app: Flask, listener: socket.socket) -> Server:
    """The server for an application; the caller starts and stops it."""
    return Server(listener, app)
