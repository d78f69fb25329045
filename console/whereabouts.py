"""Who is at which talk, told to the browsers of this process, whatever process their socket is of.

It is read from the table that all processes share, and told where it is not what was told last.
"""

import logging
from collections.abc import Collection
from threading import Lock
from typing import Any, Protocol

from flask_socketio import SocketIO

from console.door import House
from storage import presence

log = logging.getLogger(__name__)


class Waiter(Protocol):
    """Something that can be woken."""

    def set(self) -> None: ...

    def clear(self) -> None: ...

    def wait(self, timeout: float | None = None) -> bool: ...


class Whereabouts:
    """What the browsers of this process know. news: set when somebody moved."""

    def __init__(self, socketio: SocketIO, house: House, news: Waiter) -> None:
        self.news = news
        self._io = socketio
        self._house = house
        self._told: dict[presence.Place, list[presence.Present]] = {}
        self._lock = Lock()

    def tell(self, talk_id: Any = None) -> None:
        """Where somebody came, went or began to write; and of one talk what is true in any case:
        who opens it in a second window has heard nothing."""
        with self._lock:  # else an older look could be told after a newer one
            before, found = self._told, self._look()
            for place in before.keys() | found.keys():
                is_asked = place.conversation_id == talk_id
                if is_asked or before.get(place) != found.get(place):
                    self._emit(place, found.get(place, []), room_of(place.account_id))
            self._told = found  # last: what could not be told is told by the next look

    def tell_newcomer(self, socket_id: str, accounts: Collection[str]) -> None:
        """Who is where by now, to a browser that has come, or has come back."""
        with self._lock:
            for place, present in self._look().items():
                if place.account_id in accounts:
                    self._emit(place, present, socket_id)

    def follow(self) -> None:
        """The same for news of other processes; what fails is tried again by the next look."""
        try:
            self.tell()
        except Exception:
            log.exception("who is at which talk could not be told")

    def _look(self) -> dict[presence.Place, list[presence.Present]]:
        now = self._house.clock()
        return self._house.store.read(lambda db: presence.list_present(db, now))

    def _emit(self, place: presence.Place, present: list[presence.Present], to: str) -> None:
        operators = [{"id": p.id, "name": p.name, "doing": p.doing} for p in present]
        told = {"conversation_id": place.conversation_id, "operators": operators}
        self._io.emit("presence", told, to=to)


def room_of(account: str) -> str:
    """The Socket.IO room of an account's staff."""
    return f"account:{account}"
