"""`serve` as it is installed, with LINE's simulator in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.whole.conftest import ROOT, two_free_ports

PATIENCE_S = 90.0


@dataclass
class Product:
    """The product in a process that may be killed, and LINE in one that is not.

    more: of the environment.
    """

    folder: Path
    port: int
    more: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def line_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def start(self) -> None:
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "console", "serve", "--port", str(self.port)],
            cwd=ROOT, env=self.environment(), stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        wait_for(f"http://127.0.0.1:{self.port}/readyz")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MADOGUCHI_DATA_DIR": str(self.folder / "data"),
            "MADOGUCHI_FLOWS_DIR": str(ROOT / "flows"),
            "MADOGUCHI_LINE_API_URL": self.line_url,
            "MADOGUCHI_LINE_DATA_API_URL": self.line_url,
            **self.more,
        }

    def sim(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.line_url}/sim/v1/{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def clear_faults(self) -> None:
        """LINE is well again."""
        request = urllib.request.Request(f"{self.line_url}/sim/v1/faults", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()

    def said(self, user: str) -> list[str]:
        """What the account said to a friend, as the phone shows it."""
        screen = self.sim(f"friends/{user}/screen")
        return [item["message"].get("text", "") for item in screen if item["from"] == "account"]


@contextmanager
def serving(tmp_path: Path, **more: str) -> Iterator[Product]:
    """A new install with one account, and LINE in front of it."""
    found = Product(tmp_path, two_free_ports(), more)
    (tmp_path / "secret").write_text("chaos-secret")
    (tmp_path / "token").write_text("chaos-token")
    subprocess.run(
        [sys.executable, "-m", "console", "account", "add", "main", "--name", "見本",
         "--secret-file", str(tmp_path / "secret"), "--token-file", str(tmp_path / "token")],
        cwd=ROOT, env=found.environment(), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    line = subprocess.Popen(
        [sys.executable, "-m", "console", "simulator", "--port", str(found.port + 1)],
        cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(f"{found.line_url}/sim/v1/friends")
    webhook = f"http://127.0.0.1:{found.port}/line/main/webhook"
    account = {"id": "main", "secret": "chaos-secret", "token": "chaos-token"}
    found.sim("accounts", {**account, "webhook_url": webhook})
    try:
        found.start()
        yield found
    finally:
        if found.process is not None:
            found.kill()
        line.terminate()
        line.wait()


def wait_for(address: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{address} did not answer")
