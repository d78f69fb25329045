"""Who is locked out is gone within two seconds: real processes, real sockets, both databases."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import socketio

from console.passwords import hash_password
from storage.audit import COMMAND
from storage.operators import NewOperator
from storage.staffing import add
from storage.unit import open_store
from tests.whole.conftest import PATIENCE_S, ROOT, two_free_ports

PASSWORD = "みかんの木が3本あるお庭です"
MANAGER, PERSON = "manager@example.com", "person@example.com"


class Session:
    """A signed-in browser without a screen."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url = url
        self.cookie, self.csrf = "", ""
        answer = self.call("POST", "/session", {"email": email, "password": password})
        self.csrf = answer["csrf_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self.csrf}
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={**headers, "Cookie": self.cookie, "Origin": self.url},
        )
        with urllib.request.urlopen(request) as answer:
            given = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            self.cookie = "; ".join(f"{k}={v.value}" for k, v in given.items()) or self.cookie
            return json.load(answer)

    def connect(self) -> tuple[socketio.Client, list[float]]:
        """A socket, and when it was let go."""
        client, gone = socketio.Client(reconnection=False), list[float]()
        client.on("disconnect", lambda *_: gone.append(time.monotonic()))
        client.connect(self.url, headers={"Cookie": self.cookie}, transports=["websocket"])
        return client, gone

    def is_in(self) -> bool:
        try:
            self.call("GET", "/session")
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                raise
            return False
        return True


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """A house with a manager and a member of staff."""
    store, now = open_store(database_url), datetime.now(UTC)
    for email, name, role in (
        (MANAGER, "見本店長", "manager"),
        (PERSON, "見本スタッフ", "operator"),
    ):
        new = NewOperator(email, name, role, hash_password(PASSWORD))
        store.write(lambda db, new=new: add(db, new, COMMAND, now))  # type: ignore[misc] # bound now
    store.close()
    return {
        **os.environ,
        "MADOGUCHI_DATA_DIR": str(tmp_path),
        "MADOGUCHI_DATABASE_URL": database_url,
        "MADOGUCHI_FLOWS_DIR": str(tmp_path / "no-flows"),
    }


@contextmanager
def serving(environment: dict[str, str], *only: str) -> Iterator[str]:
    """A process of the product; its address."""
    port = two_free_ports()
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "serve", "--port", str(port), *only],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE_S
    try:
        while not answers(url):
            assert time.monotonic() < until, "it does not answer"
            assert process.poll() is None, "it has ended"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz"):
            return True
    except OSError:
        return False


@pytest.fixture
def addresses(environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Where the manager and the person are: two processes where the database allows them."""
    with ExitStack() as stack:
        if environment["MADOGUCHI_DATABASE_URL"].startswith("sqlite"):
            url = stack.enter_context(serving(environment))
            yield url, url
        else:
            only = ("--only", "console")
            first, second = (stack.enter_context(serving(environment, *only)) for _ in range(2))
            yield first, second


def lasts(url: str, deed: Callable[[], Any]) -> float:
    """How long a person's socket lives on after a deed; their session is over then too."""
    browser = Session(url, PERSON, PASSWORD)
    client, gone = browser.connect()
    begun = time.monotonic()
    deed()
    try:
        until = time.monotonic() + 10
        while not gone and time.monotonic() < until:
            time.sleep(0.02)
        assert gone, "the socket is still there"
        assert not browser.is_in()
        return gone[0] - begun
    finally:
        client.disconnect()


def test_who_is_disabled_demoted_or_signed_out_is_gone_within_two_seconds(
    environment: dict[str, str], addresses: tuple[str, str]
) -> None:
    there, here = addresses
    manager = Session(there, MANAGER, PASSWORD)

    def person() -> dict[str, Any]:
        items = manager.call("GET", "/staff")["items"]
        found: dict[str, Any] = next(one for one in items if one["email"] == PERSON)
        return found

    def change(**wanted: Any) -> None:
        one = person()
        manager.call("PATCH", f"/staff/{one['id']}", {**wanted, "version": one["version"]})

    def command(*arguments: str) -> str:
        run = [sys.executable, "-m", "console", *arguments]
        return subprocess.check_output(run, cwd=ROOT, env=environment, text=True)

    assert lasts(here, lambda: change(role="viewer")) < 2
    assert lasts(here, lambda: change(disabled=True)) < 2
    change(disabled=False)
    path = f"/staff/{person()['id']}/sessions"
    assert lasts(here, lambda: manager.call("DELETE", path)) < 2
    assert "書きかえられた行はありません" in command("audit", "verify")

    # The command line is a process of its own, which takes its time to start and to end.
    took: list[float] = []

    def disable() -> None:
        begun = time.monotonic()
        command("operator", "set", PERSON, "--disable")
        took.append(time.monotonic() - begun)

    assert lasts(here, disable) < took[0] + 2
