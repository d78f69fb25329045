"""What happens on other threads is waited for, never slept for."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 10.0


def eventually(check: Callable[[], Any], what: str) -> Any:
    """The first true answer of a check; a failure when there is none in time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"it did not happen: {what}")
