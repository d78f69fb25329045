"""The browser of the whole product's tests serves here too."""

from tests.whole.conftest import browser

__all__ = ["browser"]
