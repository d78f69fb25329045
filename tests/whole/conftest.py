"""The running demo, as its users start it, and a browser in front of it."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing

ROOT = Path(__file__).parent.parent.parent
ARTIFACTS = ROOT / "artifacts"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE_S = 90.0


@dataclass
class Demo:
    """A running `madoguchi demo`."""

    url: str
    line_url: str
    data: Path
    process: subprocess.Popen[str]
    # The addresses of talks that tests look for once.
    talks: dict[str, str] = field(default_factory=dict)

    def password(self, email: str) -> str:
        passwords: dict[str, str] = json.loads((self.data / "sign-ins.json").read_text())
        return passwords[email]


def two_free_ports() -> int:
    """A port whose next one is free too.

    Both are below those that the system gives to callers: who calls a port of that range before
    its server listens may be given the very port that it calls, and hears itself.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000, 2), 50):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two neighbouring ports are free")


def start_demo(data: Path, port: int) -> Demo:
    """Start it and wait until it says how to stop it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "demo", "--port", str(port), "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    deadline, said = time.monotonic() + PATIENCE_S, ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            return Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", data, process)
        if time.monotonic() > deadline:
            break
    process.kill()
    process.communicate()
    raise AssertionError(f"the demo did not start: {said}")


def stop_demo(demo: Demo) -> int:
    """Ctrl-C; its exit status."""
    demo.process.send_signal(signal.SIGINT)
    said, _ = demo.process.communicate(timeout=20)
    assert "止めました" in said
    return demo.process.returncode


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demo that was begun once and ended; to be copied, not used."""
    data = tmp_path_factory.mktemp("begun") / "demo"
    stop_demo(start_demo(data, two_free_ports()))
    return data


@pytest.fixture(scope="module")
def demo(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo for the tests of one file: what another file's tests did there never matters."""
    data = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(begun, data)
    running = start_demo(data, two_free_ports())
    yield running
    if running.process.poll() is None:
        stop_demo(running)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    if not Path(CHROMIUM).exists():
        missing("browser", "Chromium is not installed (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """What was on the screens when a test failed is kept."""
    report = yield
    opened = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and opened is not None:
        _keep_screens(opened, re.sub(r"\W+", "-", item.name))
    return report


def _keep_screens(opened: Any, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    pages = [page for context in opened.contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=ARTIFACTS / f"failed-{name}-{number}.png")


def sim(demo: Demo, path: str, body: dict[str, Any] | None = None) -> Any:
    """One call of the simulator's control API."""
    request = urllib.request.Request(
        f"{demo.line_url}/sim/v1/{path}",
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def begin_talk(demo: Demo, name: str) -> str:
    """An unseen talk with the bot, so short that all of it is in sight; LINE's id of the friend."""
    user = str(sim(demo, "friends", {"account": "salon", "name": name})["user_id"])
    sim(demo, f"friends/{user}/follow", {})
    sim(demo, f"friends/{user}/say", {"text": "やめる"})
    return user
