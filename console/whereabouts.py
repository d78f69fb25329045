"""Who is at which talk, told to the browsers of this process, whatever process their socket is of.

It is read from the table that all processes share, and told where it is not what was told last.
"""

import logging
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
        now = self._house.clock()
        with self._lock:  # else an older look could be told after a newer one
            found = self._house.store.read(lambda db: presence.list_present(db, now))
            before, self._told = self._told, found
            for place in before.keys() | found.keys():
                is_asked = place.conversation_id == talk_id
                if is_asked or before.get(place) != found.get(place):
                    self._emit(place, found.get(place, []))

    def follow(self) -> None:
        """The same for news of other processes; what fails is tried again by the next look."""
        self.news.clear()
        try:
            self.tell()
        except Exception:
            log.exception("who is at which talk could not be told")

    def _emit(self, place: presence.Place, present: list[presence.Present]) -> None:
        operators = [{"id": p.id, "name": p.name, "doing": p.doing} for p in present]
        told = {"conversation_id": place.conversation_id, "operators": operators}
        self._io.emit("presence", told, to=room_of(place.account_id))


def room_of(account: str) -> str:
    """The Socket.IO room of an account's staff."""
    return f"account:{account}"
