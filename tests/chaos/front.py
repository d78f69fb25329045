"""A proxy before the product, as the README asks for one: `/line/` and `/f/` go to `web`, all else
to `console`; who does not take a connection is passed over. Nothing that was sent is sent again.
"""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count

from tests.chaos.door import Door, join
from tests.chaos.wire import read_message

OF_WEB = ("/line/", "/f/")
CUT, NOBODY = "cut off", "nobody there"
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
LOOK_S = 0.02


class Front:
    """waits_s: for how long it looks for somebody who takes a connection; 0: once at each.

    told: how the requests of each role ended, by status; or `cut off` after somebody had taken
    them, or `nobody there`.
    """

    def __init__(self, waits_s: float = 0.0) -> None:
        self._waits_s = waits_s
        self.told: dict[str, Counter[str]] = {"web": Counter(), "console": Counter()}
        self.longest_s = 0.0
        self._ports: Mapping[str, Sequence[int]] = {}
        self._turns = count()
        self._counting = threading.Lock()
        self._door = Door(self._serve)
        self.port = self._door.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, ports: Mapping[str, Sequence[int]]) -> None:
        """Let requests in. ports: by role; several processes may share one."""
        self._ports = {role: sorted(set(of_role)) for role, of_role in ports.items()}
        self._door.open()

    def close(self) -> None:
        self._door.close()

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asking = near.makefile("rb")
            while raw := read_message(asking):
                if b"upgrade: websocket" in raw.lower():
                    self._join(near, raw)
                    return
                near.sendall(self._answer(raw))

    def _join(self, near: socket.socket, raw: bytes) -> None:
        """A browser's socket: from here on whatever either side says."""
        far = self._connect("console")
        if far is None:
            near.sendall(BAD_GATEWAY)
            return
        with far:
            far.sendall(raw)
            join(near, far)

    def _answer(self, raw: bytes) -> bytes:
        path = raw.split(b" ", 2)[1].decode()
        role, began = "web" if path.startswith(OF_WEB) else "console", time.monotonic()
        far = self._connect(role)
        answer = NOBODY if far is None else _ask(far, raw) or CUT
        told = answer if isinstance(answer, str) else answer.split(b" ", 2)[1].decode()
        with self._counting:
            self.told[role][told] += 1
            self.longest_s = max(self.longest_s, time.monotonic() - began)
        return BAD_GATEWAY if isinstance(answer, str) else answer

    def _connect(self, role: str) -> socket.socket | None:
        until = time.monotonic() + self._waits_s
        while True:
            ports, turn = self._ports[role], next(self._turns)
            for number in range(len(ports)):
                with contextlib.suppress(ConnectionRefusedError):
                    return socket.create_connection(
                        ("127.0.0.1", ports[(turn + number) % len(ports)])
                    )
            if time.monotonic() >= until:
                return None
            time.sleep(LOOK_S)


def _ask(far: socket.socket, raw: bytes) -> bytes:
    with far, contextlib.suppress(OSError):
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        far.sendall(raw)
        return read_message(far.makefile("rb"))
    return b""
