"""The door of everything here that stands before a port: it listens, and passes bytes on."""

import contextlib
import socket
import threading
from collections.abc import Callable

AT_ONCE = 256


class Door:
    """Listens on 127.0.0.1:`port`. serve: what is done with each that comes, in a thread of its
    own; they wait until the door is opened.
    """

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=AT_ONCE)
        self.port: int = self._listening.getsockname()[1]

    def open(self) -> None:
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        shut(self._listening)

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()


def join(near: socket.socket, far: socket.socket) -> None:
    """Whatever either side says, until one of them ends; then both have."""
    threading.Thread(target=_pass, args=(far, near), daemon=True).start()
    _pass(near, far)


def shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    shut(source)
    shut(sink)
