"""Processes of the product that may be killed: each is forked from one that has imported
everything, and is known by a descriptor.
"""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.chaos.haunt import Life

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 90.0


class Mother:
    """The process that every life is forked from. root: where its code lies."""

    def __init__(self, log: Path, root: Path = ROOT) -> None:
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.haunted"],
                cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        atexit.register(self.end)

    def bear(self, life: Life) -> "Alive":
        """Only one at a time asks."""
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(life.as_line())
        asking.flush()
        return Alive(int(answering.readline()))

    def end(self) -> None:
        """And with it all that it has borne."""
        with self._process:
            self._process.kill()

    @staticmethod
    @cache
    def of_all() -> "Mother":
        """One for all rigs; it ends when whoever asks for lives is gone."""
        return Mother(Path(tempfile.mkdtemp(prefix="chaos-mother-")) / "log")


class Alive:
    """A process that is somebody else's child: known by a descriptor, which is never another's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle: int | None = os.pidfd_open(pid)

    def is_over(self, wait_s: float = 0.0) -> bool:
        if self._handle is not None and _is_ready(self._handle, wait_s):
            os.close(self._handle)
            self._handle = None
        return self._handle is None

    def signal(self, number: signal.Signals) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.is_over(PATIENCE_S)


def _is_ready(handle: int, wait_s: float) -> bool:
    waiting = select.poll()  # select(2) ends at descriptor 1024
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(wait_s * 1000))
