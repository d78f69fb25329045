"""The browser of the whole product's tests serves here too."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.whole.conftest import browser

__all__ = ["browser"]
# Socket.IO's client leaves the socket to a server that was killed to the garbage collector.
LEFT = "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(LEFT))
