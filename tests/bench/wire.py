"""HTTP/1.1 by hand, for a load generator and a LINE stand-in that must cost next to nothing."""

from typing import NamedTuple

from gevent import socket


class Head(NamedTuple):
    """The first line of a request or response, whether it closes, and the body that followed."""

    first_line: bytes
    closes: bool
    body: bytes


class Wire:
    """One connection with the bytes that were read too far."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""

    def read(self) -> Head | None:
        """The next message, or None when the other side has gone."""
        while (end := self.rest.find(b"\r\n\r\n")) < 0:
            if not self._fill():
                return None
        head, self.rest = self.rest[:end], self.rest[end + 4 :]
        lowered = head.lower()
        first_line = head.split(b"\r\n", 1)[0]
        size = _content_length(lowered)
        while len(self.rest) < size:
            if not self._fill():
                return None
        body, self.rest = self.rest[:size], self.rest[size:]
        closes = b"connection: close" in lowered or first_line.startswith(b"HTTP/1.0")
        return Head(first_line, closes, body)

    def _fill(self) -> bool:
        chunk = self.sock.recv(65536)
        self.rest += chunk
        return bool(chunk)


def connect(port: int) -> Wire:
    """A connection to a port of this machine, without Nagle's wait."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Wire(sock)


def response(body: bytes, status: bytes = b"200 OK") -> bytes:
    """One whole response, to be sent in one write."""
    return (
        b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n"
        b"x-line-request-id: bench\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body


def _content_length(lowered_head: bytes) -> int:
    start = lowered_head.find(b"content-length:")
    if start < 0:
        return 0
    return int(lowered_head[start + 15 :].split(b"\r\n", 1)[0])
