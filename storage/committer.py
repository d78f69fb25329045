"""Where SQLite's commit waits for the disk, so that a store need not know what runs beside it."""

from collections.abc import Callable
from typing import Protocol


class Committer(Protocol):
    """Where SQLite waits for the disk."""

    def commit(self, commit: Callable[[], None]) -> None:
        """Commit; only the caller waits."""
        ...

    def breathe(self) -> None:
        """Let others run between two units: they may have units to be committed together."""
        ...

    def close(self) -> None: ...


class CommitHere:
    """In the caller's own thread: for tests and short commands."""

    def commit(self, commit: Callable[[], None]) -> None:
        commit()

    def breathe(self) -> None:
        """Threads run beside each other as they are."""

    def close(self) -> None:
        """Nothing runs on its own."""
