"""Named places at which a process may die, or a disk refuse: where the tests of crashes put one in.

Nothing happens there: no setting and no variable of the environment arms a place. Only code that
runs in the same process can, by putting something else in the place of `reach` (`tests/chaos`).
"""

from collections.abc import Callable
from typing import Literal

Point = Literal[
    "webhook received",
    "arrival written",
    "arrival committed",
    "arrival claimed",
    "turn decided",
    "encoder answered",
    "turn committed",
    "intent committed",
    "outcome known",
    "outcome committed",
    "entry emitted",
    "reply written",
    "reply committed",
    "file fetched",
    "timer fired",
    "recipients frozen",
    "multicast intended",
    "multicast recorded",
]


def _pass(_point: Point) -> None:
    """The product goes on."""


reach: Callable[[Point], None] = _pass
