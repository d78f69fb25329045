"""The line between the product and LINE: an HTTP relay of our own that can break in every way.

It carries whole requests and whole answers, so that a break is where it is said to be: before LINE
has seen a request, or after LINE has done what it asks for.
"""

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.chaos.door import Door

Break = Literal["reset before", "reset after", "stall", "half", "swallow", "deafen"]
STALL_S = 30.0
LONGEST_HEAD = 65536


@dataclass(frozen=True)
class Request:
    """One call on its way to LINE."""

    method: str
    path: str
    raw: bytes


class Wire:
    """Relays from 127.0.0.1:`port` to LINE. choose: what breaks, for each request; None: nothing.

    on_death: what `swallow` (LINE never sees the request) and `deafen` (its answer never comes
    back) do before they let go.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self.choose: Callable[[Request], Break | None] = lambda _: None
        self.on_death: Callable[[], None] = lambda: None
        self.broken: list[Break] = []
        self._door = Door(self._serve)
        self.port = self._door.port
        self._door.open()

    def close(self) -> None:
        self._door.close()

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(self._target) as far:
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asking, answering = near.makefile("rb"), far.makefile("rb")
            while raw := read_message(asking):
                if not self._carry(raw, near, far, answering):
                    return

    def _carry(
        self, raw: bytes, near: socket.socket, far: socket.socket, answering: object
    ) -> bool:
        """One request and its answer; whether the connection goes on."""
        method, path, _ = raw.split(b" ", 2)
        broken = self.choose(Request(method.decode(), path.decode(), raw))
        if broken is not None:
            self.broken.append(broken)
        if broken in {"reset before", "swallow"}:
            return self._let_go(broken)
        far.sendall(raw)
        answer = read_message(answering)
        if broken in {"reset after", "deafen"} or not answer:
            return self._let_go(broken)
        if broken == "half":
            near.sendall(answer[: len(answer) // 2])
            return False
        if broken == "stall":
            time.sleep(STALL_S)
        near.sendall(answer)
        return True

    def _let_go(self, broken: Break | None) -> bool:
        if broken in {"swallow", "deafen"}:
            self.on_death()
        return False


def read_message(stream: object) -> bytes:
    """One HTTP/1.1 message, head and body; empty when the connection ends before it does."""
    read_line, read = stream.readline, stream.read  # type: ignore[attr-defined]
    head = b""
    while (line := read_line(LONGEST_HEAD)) not in {b"\r\n", b""}:
        head += line
    if line == b"":
        return b""
    names = dict(row.lower().split(b":", 1) for row in head.split(b"\r\n")[1:] if row)
    if b"chunked" in names.get(b"transfer-encoding", b""):
        return head + line + _read_chunks(read_line, read)
    length = int(names.get(b"content-length", b"0"))
    body: bytes = read(length)
    return head + line + body if len(body) == length else b""


def _read_chunks(read_line: Callable[[int], bytes], read: Callable[[int], bytes]) -> bytes:
    found = b""
    while size := read_line(LONGEST_HEAD):
        count = int(size, 16)
        found += size + read(count + 2)
        if count == 0:
            break
    return found
