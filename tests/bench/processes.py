"""Starting, weighing and ending the processes of a bench."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from candidates_list import SECRET, Candidate

HERE = Path(__file__).parent


class Driver:
    """The load generator in its own process; its stand-in listens until the end."""

    def __init__(self, path: str, delay_s: float) -> None:
        orders = {"secret": SECRET, "path": path, "delay_s": delay_s, "text": "営業時間"}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "driver.py"), json.dumps(orders)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.api_port: int = self._answer()["port"]

    def drive(self, **order: Any) -> dict[str, Any]:
        """Send one order and wait for its figures."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def running(candidate: Candidate, port: int, log: Path) -> Iterator[tuple[psutil.Process, float]]:
    """The candidate's process and the seconds it took to be ready; ended afterwards."""
    with log.open("ab") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            candidate.command, env=candidate.environment, stdout=output, stderr=output
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}{candidate.ready_path}", process)
            yield psutil.Process(process.pid), time.monotonic() - start
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers 200; a process that ended instead is an error."""
    while True:
        if process.poll() is not None:
            raise SystemExit(
                f"{process.args!r} ended with {process.returncode} before it was ready"
            )
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return


def cpu_s(process: psutil.Process) -> float:
    """User and system seconds of a process and its children so far."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in family)


def rss_mb(process: psutil.Process) -> float:
    """Resident memory of a process and its children, in MiB."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 2**20
