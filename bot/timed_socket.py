"""A connection with one deadline for all that is done on it: a slow drip ends it too.

A socket's own time-out begins anew with each byte that comes.
"""

import io
import socket
import ssl
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class TimedSocket:
    """As much of a socket as `http.client` uses."""

    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self.deadline = deadline

    @staticmethod
    def connect(address: str, port: int, deadline: float, share: float = 1.0) -> "TimedSocket":
        """A connection to an IP address, in this share of the time that is left. Raises OSError."""
        raw = socket.create_connection((address, port), timeout=_left(deadline) * share)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return TimedSocket(raw, deadline)

    def wrap(self, tls: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on, with whoever proves to be this host. Raises OSError."""
        self._raw.settimeout(_left(self.deadline))
        self._raw = tls.wrap_socket(self._raw, server_hostname=host)

    def sendall(self, data: "ReadableBuffer") -> None:
        """Send all of it in time."""
        self._raw.settimeout(_left(self.deadline))
        self._raw.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What comes back."""
        return io.BufferedReader(_Incoming(self))

    def receive(self, buffer: "WriteableBuffer") -> int:
        """Some of what comes back, in time; 0 at its end."""
        self._raw.settimeout(_left(self.deadline))
        return self._raw.recv_into(memoryview(buffer))

    def close(self) -> None:
        """Nothing: `http.client` says this before it has read the answer."""

    def hang_up(self) -> None:
        """End the connection."""
        self._raw.close()


class _Incoming(io.RawIOBase):
    def __init__(self, timed: TimedSocket) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        return self._timed.receive(buffer)


def _left(deadline: float) -> float:
    """What is left of the time. Raises TimeoutError."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
