"""The web server: gevent's pywsgi with Socket.IO, on a listener of our own.

`socketio.run()` stalls every keep-alive request for 44 ms, because it leaves Nagle's algorithm on;
accepted sockets inherit TCP_NODELAY from the listener. eventlet and gevent-websocket are not
maintained, and python-engineio would prefer them: refuse to start where either is importable.
"""

from importlib.util import find_spec
from typing import Any

from engineio.async_drivers.gevent import WebSocketWSGI
from flask import Flask
from flask_socketio import SocketIO
from gevent import socket
from gevent.pywsgi import WSGIServer

from console.door import House
from console.live import MAX_EVENT_BYTES
from console.socket_door import SocketDoor

UNWANTED = ("eventlet", "geventwebsocket")
BACKLOG = 1024


class UnwantedLibrary(Exception):
    """A library is installed that would take over the server."""


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
    socketio.server.eio._async["websocket"] = _capped
    app.wsgi_app = SocketDoor(app.wsgi_app, house)  # type: ignore[assignment,method-assign] # as Flask says
    return socketio


def _capped(handler: Any, server: Any) -> Any:
    made = WebSocketWSGI(handler, server)
    made.server_args["max_message_size"] = MAX_EVENT_BYTES
    return made


def listen(host: str, port: int) -> socket.socket:
    """A listening socket without Nagle's wait. Raises OSError when the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def make_server(app: Flask, listener: socket.socket) -> WSGIServer:
    """The server for an application; the caller starts and stops it."""
    return WSGIServer(listener, app, log=None, error_log=None)
