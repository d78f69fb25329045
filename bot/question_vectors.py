"""What customers ask, as vectors: nobody waits longer than the time set, nor for one who is down.

Questions are kept in memory alone, and only the last ones: the same come again and again.
"""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.encoder import Encoder, EncoderFailed
from bot.means import Waiter

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(seconds=30)
FAILURES_IN_A_ROW = 3  # then nobody waits for it for a while
REMEMBERED = 500

Spawn = Callable[[Callable[[], None]], object]


class QuestionVectors:
    """spawn: run this beside, without a limit."""

    def __init__(
        self,
        encoder: Encoder,
        timeout_s: float,
        spawn: Spawn,
        waiter: Callable[[], Waiter],
        clock: Callable[[], datetime],
    ) -> None:
        self._encoder = encoder
        self._timeout_s = timeout_s
        self._spawn = spawn
        self._waiter = waiter
        self._clock = clock
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._failures = 0
        self._ask_at = clock()
        self._counts: Counter[str] = Counter()

    @property
    def is_open(self) -> bool:
        """Whether it is worth asking."""
        return self._clock() >= self._ask_at

    def figures(self) -> Mapping[str, int]:
        """How many were encoded, how many were known, and how many fell back to the letters."""
        return {outcome: self._counts[outcome] for outcome in ("encoded", "remembered", "failed")}

    def forget(self) -> None:
        """They are of another model."""
        self._known.clear()

    def find(self, text: str) -> bytes | None:
        """The vector of a masked text; None when there is none in time."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            self._counts["remembered"] += 1
            return known
        vector = self._ask(text)
        self._counts["failed" if vector is None else "encoded"] += 1
        self._note(is_failure=vector is None)
        return vector

    def _ask(self, text: str) -> bytes | None:
        """The wait is ours, because looking up a name cannot be told to hurry."""
        done = self._waiter()

        def call() -> None:
            try:
                vector = self._encoder.encode([text], "question", self._timeout_s)[0]
                self._remember(text, vector)  # also for the next who asks, when it comes late
            except EncoderFailed as error:
                log.warning("a question gets no vector from %s: %s", self._encoder.id, error)
            finally:
                done.set()

        self._spawn(call)
        done.wait(self._timeout_s)
        return self._known.get(text)

    def _remember(self, text: str, vector: bytes) -> None:
        self._known[text] = vector
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _note(self, *, is_failure: bool) -> None:
        self._failures = self._failures + 1 if is_failure else 0
        if self._failures >= FAILURES_IN_A_ROW:
            self._failures = 0
            self._ask_at = self._clock() + AGAIN_AFTER
            log.warning("nobody waits for %s for %s", self._encoder.id, AGAIN_AFTER)
