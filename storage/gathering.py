"""What waits at the same time is written by one unit of work, and answered when it is committed.

Whoever comes first writes at once. Those who come meanwhile wait together, and the first of them
writes for all: under load a commit, a transaction and a ring of the bell are shared, and when
nobody else is there nothing waits. A unit that fails holds for none of them; then each is tried in
a unit of its own, so that one that cannot be written takes nobody with it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from sqlmodel import Session

from storage.unit import Store

Given = TypeVar("Given")

MOST_TOGETHER = 256


@dataclass(slots=True)
class _Waiting(Generic[Given]):
    given: Given
    is_tried: bool = False
    error: BaseException | None = None
    was_alone: bool = False


class Gatherer(Generic[Given]):
    """Runs `work` for all that wait, ahead of what else is to be written.

    work: must do for several what it does for each, in their order. topics: what it rings, once for
    each, because a ring wakes one of those who wait.
    """

    def __init__(
        self,
        store: Store,
        work: Callable[[Session, Sequence[Given]], object],
        topics: Iterable[str] = (),
    ) -> None:
        self._store, self._work, self._topics = store, work, frozenset(topics)
        self._waiting: deque[_Waiting[Given]] = deque()
        self._leading = Lock()

    def write(self, given: Given) -> None:
        """Return after the commit that holds it. Raises what its own unit raises."""
        mine = _Waiting(given)
        self._waiting.append(mine)
        with self._leading:
            while not mine.is_tried:  # somebody before may have taken it along
                self._lead()
        if mine.error is None:
            return
        if mine.was_alone:
            raise mine.error
        self._write_units([given])

    def _lead(self) -> None:
        count = min(len(self._waiting), MOST_TOGETHER)
        group = [self._waiting.popleft() for _ in range(count)]
        error: BaseException | None = None
        try:
            self._write_units([one.given for one in group])
        except BaseException as raised:
            error = raised
            if not isinstance(raised, Exception):  # whoever leads is told to stop; the others go on
                raise
        finally:
            for one in group:
                one.is_tried, one.error, one.was_alone = True, error, count == 1

    def _write_units(self, given: Sequence[Given]) -> None:
        self._store.write_first(lambda db: self._work(db, given))
        for _ in given[1:]:
            self._store.bell.ring(self._topics)
