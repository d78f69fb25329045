"""Which messages of a call LINE will not have, when it refuses the call and does not say.

LINE's own check of messages sends nothing, so each is shown to it by itself (Messaging API
reference, "Validate message objects", checked 2026-08).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

STRANGE_QUOTE = "Invalid quote token"  # which the check does not look at

Message = Mapping[str, Any]


def find_faulty(
    reason: str, messages: Sequence[Message], is_refused: Callable[[Message], bool]
) -> tuple[int, ...]:
    """Their places, as far as they can be found out. is_refused: asks LINE of one."""
    if STRANGE_QUOTE in reason:
        return tuple(place for place, one in enumerate(messages) if "quoteToken" in one)
    if len(messages) == 1:
        return ()
    return tuple(place for place, one in enumerate(messages) if is_refused(one))
