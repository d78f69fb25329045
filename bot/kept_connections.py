"""Connections that wait for the next call: a new one costs several journeys to the other side.

They lead to the address that was checked when they were made, whatever its name says by now.
"""

import time
from dataclasses import dataclass
from threading import Lock

from bot.timed_socket import TimedSocket

MOST_KEPT = 4
LONGEST_KEPT_S = 20.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes."""

    is_tls: bool
    host: str
    port: int
    path: str


class KeptConnections:
    """The few that were used last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[tuple[tuple[bool, str, int], float, TimedSocket]] = []

    def take(self, target: Target) -> TimedSocket | None:
        """One to the same place, if it is fresh enough to be open still."""
        place = (target.is_tls, target.host, target.port)
        with self._lock:
            self._end(time.monotonic() - LONGEST_KEPT_S)
            for number, (known, _, timed) in enumerate(self._kept):
                if known == place:
                    del self._kept[number]
                    return timed
        return None

    def keep(self, target: Target, timed: TimedSocket) -> None:
        """The whole answer was read; it may be used again."""
        place = (target.is_tls, target.host, target.port)
        with self._lock:
            self._kept.append((place, time.monotonic(), timed))
            while len(self._kept) > MOST_KEPT:
                self._kept.pop(0)[2].hang_up()

    def close(self) -> None:
        """End them all."""
        with self._lock:
            self._end(float("inf"))

    def __del__(self) -> None:
        """Whoever had them is gone."""
        self.close()

    def _end(self, before: float) -> None:
        for _, since, timed in self._kept:
            if since < before:
                timed.hang_up()
        self._kept = [kept for kept in self._kept if kept[1] >= before]
