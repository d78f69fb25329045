"""A line between one browser and the product that can be cut: a small SOCKS relay of its own.

A proxy and not another port, so that every browser comes from the product's own origin.
"""

import socket
import threading

from tests.chaos.door import Door, join, shut

WELCOME = b"\x05\x00"  # SOCKS 5, no sign-in (RFC 1928)
OPENED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


class CutLine:
    """Relays from socks5://127.0.0.1:`port` to the product, whatever address is asked for.

    While it is cut, nothing passes and nobody enters.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.is_cut = False
        self._door = Door(self._serve)
        self.port = self._door.port
        self._door.open()

    def cut(self) -> None:
        """Every connection ends at once, as when a laptop leaves the house."""
        self.is_cut = True
        with self._lock:
            ends = tuple(self._open)
        for end in ends:
            shut(end)

    def heal(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self._door.close()
        self.cut()

    def _serve(self, near: socket.socket) -> None:
        try:
            if self.is_cut:
                raise ConnectionRefusedError
            _greet(near)
            far = socket.create_connection(self._target, timeout=5)
            far.settimeout(None)
            near.sendall(OPENED)
        except OSError:  # the product is down, or the line is cut: the browser sees a reset
            shut(near)
            return
        with self._lock:
            self._open |= {near, far}
        if self.is_cut:
            self.cut()
        join(near, far)
        with self._lock:
            self._open -= {near, far}


def _greet(near: socket.socket) -> None:
    near.recv(257)
    near.sendall(WELCOME)
    near.recv(262)
