"""The browser of the whole product's tests serves here too."""

import gc
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.whole.conftest import browser

__all__ = ["browser"]
# Socket.IO's client leaves the socket to a server that was killed to the garbage collector.
OF_SOCKETS = "Exception ignored in. <socket.socket"
LEFT = f"ignore:{OF_SOCKETS}:pytest.PytestUnraisableExceptionWarning"


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(LEFT))


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """What is left of them after the last test is nobody's failure either."""
    kind = pytest.PytestUnraisableExceptionWarning
    warnings.filterwarnings("ignore", OF_SOCKETS, kind)
    gc.collect()
