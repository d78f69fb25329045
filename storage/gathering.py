"""What comes at the same time is written by one unit of work, and answered when it is committed.

Whoever comes first writes at once. Who comes until that unit begins goes along, and who comes
meanwhile gathers for the next: under load a transaction, a commit and its wait for the disk are
shared, and when nobody else is there nothing waits. A unit that fails holds for none of them; then
each is tried in a unit of its own, so that one that cannot be written takes nobody with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

from sqlmodel import Session

from storage.unit import Store

Given = TypeVar("Given")

MOST_TOGETHER = 1024


@dataclass(slots=True)
class _Gathered(Generic[Given]):
    given: list[Given] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)
    error: BaseException | None = None


class Gatherer(Generic[Given]):
    """Runs `work` for all that gathered, ahead of what else is to be written.

    work: must do for several what it does for each, in their order. topics: rung once for each that
    was written, because a ring wakes one of those who wait for it.
    """

    def __init__(
        self,
        store: Store,
        work: Callable[[Session, Sequence[Given]], object],
        topics: Iterable[str] = (),
    ) -> None:
        self._store, self._work, self._topics = store, work, frozenset(topics)
        self._joining, self._writing = Lock(), Lock()
        self._open: _Gathered[Given] | None = None  # whom others may still join

    def write(self, given: Given) -> None:
        """Return after the commit that holds it. Raises what its own unit raises."""
        gathered, is_first = self._join(given)
        if is_first:
            self._write(gathered)
        else:
            gathered.is_over.wait()
        if gathered.error is None:
            return
        if len(gathered.given) == 1:
            raise gathered.error
        self._store.write_first(lambda db: self._work(db, [given]))

    def _join(self, given: Given) -> tuple[_Gathered[Given], bool]:
        with self._joining:
            gathered = self._open
            is_first = gathered is None or len(gathered.given) == MOST_TOGETHER
            if gathered is None or is_first:
                gathered = self._open = _Gathered()
            gathered.given.append(given)
            return gathered, is_first

    def _write(self, gathered: _Gathered[Given]) -> None:
        try:
            with self._writing:
                self._store.write_first(lambda db: self._work(db, self._close(gathered)))
        except Exception as error:
            gathered.error = error
        except BaseException as error:  # this one is told to stop; the others try by themselves
            gathered.error = error
            raise
        else:
            for _ in gathered.given[1:]:  # the first rings as every unit does
                self._store.bell.ring(self._topics)
        finally:
            self._close(gathered)
            gathered.is_over.set()

    def _close(self, gathered: _Gathered[Given]) -> list[Given]:
        """Those who are in it; nobody joins any more."""
        with self._joining:
            if self._open is gathered:
                self._open = None
            return gathered.given
