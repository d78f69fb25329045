"""A browser without a screen: it follows the journal as the console does, and writes down what it
took in.

Where it stands is the last entry that it took. What comes is taken when it is the next one; else,
after a lost line, and when a `head` says that there is more, it asks from where it stands.
"""

import contextlib
import threading
import time
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from tests.chaos.evidence import MODES
from tests.chaos.front import Front
from tests.chaos.rig import Process

PAUSE_S = 0.1


class Feed:
    """One browser at one console process, or at the proxy before them."""

    def __init__(self, console: Process | Front, cookie: str) -> None:
        self.taken: dict[str, list[int]] = {account: [] for account in MODES}
        self._at: dict[str, int] = dict.fromkeys(MODES, 0)
        self._console = console
        self._cookie = cookie
        self._is_over = False
        self._is_behind = threading.Event()
        self._taking = threading.Lock()
        self._client: Any = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def has(self, heads: dict[str, int]) -> bool:
        return all(self._at.get(account, 0) >= head for account, head in heads.items())

    def end(self) -> None:
        self._is_over = True
        self._is_behind.set()
        if self._client is not None:
            self._client.disconnect()
        self._thread.join()

    def _follow(self) -> None:
        while not self._is_over:
            with contextlib.suppress(SocketIOError, OSError, ValueError, TimeoutError):
                self._follow_one_connection()
            time.sleep(PAUSE_S)

    def _follow_one_connection(self) -> None:
        self._client = client = socketio.Client(reconnection=False)
        client.on("entry", self._take)
        client.on("head", self._note_heads)
        client.on("disconnect", lambda *_: self._is_behind.set())
        client.connect(
            self._console.url,
            headers={"Cookie": self._cookie},
            transports=["websocket"],
            wait_timeout=5,
        )
        try:
            self._is_behind.set()
            while client.connected and not self._is_over:
                if self._is_behind.wait(1.0):
                    self._is_behind.clear()
                    self._catch_up(client)
        finally:
            client.disconnect()

    def _catch_up(self, client: Any) -> None:
        is_more = True
        while is_more and client.connected:
            told = client.call("resume", {"streams": dict(self._at)}, timeout=5)["streams"]
            with self._taking:
                for account, stream in told.items():
                    for entry in stream["entries"]:
                        self._take_in(account, entry["id"])
                    if not stream["more"]:
                        self._at[account] = max(self._at[account], stream["head"])
            is_more = any(stream["more"] for stream in told.values())

    def _take(self, entry: dict[str, Any]) -> None:
        with self._taking:
            account, number = entry["account"], entry["id"]
            if number == self._at[account] + 1:
                self._take_in(account, number)
            elif number > self._at[account]:
                self._is_behind.set()

    def _take_in(self, account: str, number: int) -> None:
        if number == self._at[account] + 1:
            self.taken[account].append(number)
            self._at[account] = number

    def _note_heads(self, heads: dict[str, int]) -> None:
        if any(head > self._at.get(account, 0) for account, head in heads.items()):
            self._is_behind.set()
