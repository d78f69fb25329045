"""kill -9 in the middle of a survey, ten times: nothing is lost and nothing comes twice.

The oracle is the simulator, a process of its own that LINE's rules live in: its phones and its log.
Run by `pytest tests/chaos --override-ini "addopts=-ra --import-mode=importlib"`. The seed is
printed, and can be given again in MADOGUCHI_CHAOS_SEED.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.whole.conftest import ROOT, two_free_ports

KILLS = 10
PATIENCE_S = 40.0
ANSWERS = ["はじめて", "20代", "カット、カラー", "スキップ"]
SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))


@dataclass
class Product:
    """The product in a process that is killed, and LINE in one that is not."""

    folder: Path
    port: int
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
        }

    def sim(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.line_url}/sim/v1/{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def said(self, user: str) -> list[str]:
        """What the account said to a friend, as the phone shows it."""
        screen = self.sim(f"friends/{user}/screen")
        return [item["message"].get("text", "") for item in screen if item["from"] == "account"]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    found = Product(tmp_path, two_free_ports())
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
    found.start()
    yield found
    found.kill()
    line.terminate()
    line.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{address} did not answer")


def deliver(product: Product, user: str, deed: str, **given: Any) -> None:
    """LINE delivers an event; what was not acknowledged is delivered again, as LINE does."""
    status = product.sim(f"friends/{user}/{deed}", given)["status"]
    deadline = time.monotonic() + PATIENCE_S
    while status != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
        status = product.sim(f"friends/{user}/redeliver", {})["status"]
    assert status == 200


def until_said(product: Product, user: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while len(product.said(user)) < count:
        assert time.monotonic() < deadline, (SEED, product.said(user))
        time.sleep(0.05)


def test_ten_surveys_each_killed_once_are_finished_whole(product: Product) -> None:
    print(f"seed {SEED}")
    draw = random.Random(SEED)
    transcripts = []
    for number in range(KILLS):
        user = product.sim("friends", {"account": "main", "name": f"見本{number}"})["user_id"]
        kill_at = draw.randrange(len(ANSWERS))
        deliver(product, user, "follow")
        until_said(product, user, 2)
        for position, answer in enumerate(ANSWERS):
            known = len(product.said(user))
            deliver(product, user, "say", text=answer)
            if position == kill_at:
                time.sleep(draw.random() * 0.08)
                product.kill()
                product.start()
            until_said(product, user, known + 1)
        until_said(product, user, 7)
        transcripts.append(product.said(user))

    time.sleep(1.0)  # whatever might still come twice has had its time
    first = [text.replace("見本0さん", "").replace("お客様", "") for text in transcripts[0]]
    for number, transcript in enumerate(transcripts):
        plain = [text.replace(f"見本{number}さん", "").replace("お客様", "") for text in transcript]
        assert plain == first, (SEED, number)
    friends = product.sim("friends")
    assert len(friends) == KILLS
    for friend in friends:
        assert len(product.said(friend["user_id"])) == len(first), SEED
