"""How every loop of a worker goes: again while there is work, else asleep until somebody rings."""

import logging
from collections.abc import Callable

from bot.means import Waiter

log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 0.5  # also without a bell, somebody looks
SOUND_SLEEP_S = 2.0  # where somebody else looks, or nobody waits
LONGEST_PAUSE_S = 10.0  # after a failure, and longer after each that follows


def loop(
    work: Callable[[], int],
    waiter: Waiter,
    is_over: Callable[[], bool],
    rest: Callable[[], object] = lambda: None,
    stand_back: Callable[[], object] = lambda: None,
    *,
    longest_sleep_s: float = LONGEST_SLEEP_S,
) -> None:
    """Work until it is over. work: says whether, or how much, there was to do.

    rest: what is waited for between two rounds that found something. stand_back: what is waited for
    before any but the first. longest_sleep_s: how long it may sleep when nobody rings.
    """
    pause_s = 0.0
    while not is_over():
        waiter.clear()
        try:
            was_busy = bool(work())
            pause_s = 0.0
        except Exception:
            log.exception("%s failed", _name(work))
            was_busy, pause_s = False, min(LONGEST_PAUSE_S, 0.2 + pause_s * 2)
        if was_busy:
            rest()
        else:
            waiter.wait(longest_sleep_s + pause_s)
        stand_back()


def _name(work: Callable[[], int]) -> str:
    return str(getattr(getattr(work, "func", work), "__qualname__", work))
