"""A bell for each thing that somebody may wait for; it says that there is news, never what.

Whoever is rung reads the tables. A ring that is lost loses nothing: every listener also looks by
itself from time to time.
"""

from collections.abc import Callable, Iterable
from threading import Lock

JOURNAL = "journal"
ARRIVALS = "arrivals"
DELIVERIES = "deliveries"
TIMERS = "timers"
JOBS = "jobs"  # profiles and media to be fetched
BROADCASTS = "broadcasts"
PRESENCE = "presence"  # who is at which talk
EVERYTHING = frozenset({JOURNAL, ARRIVALS, DELIVERIES, TIMERS, JOBS, BROADCASTS, PRESENCE})

Listener = Callable[[frozenset[str]], None]


class Bell:
    """Rings in this process, in the thread (or greenlet) of whoever committed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with the topics of each ring; the answer ends the subscription.

        A listener must return at once and must not raise.
        """
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return unsubscribe

    def ring(self, topics: Iterable[str]) -> None:
        """Tell everybody that these topics have news."""
        rung = frozenset(topics)
        if not rung:
            return
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(rung)
