"""SIGTERM under traffic: nobody is cut off, nothing is left in doubt, and the next one goes on."""

import http.client
import json
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import socketio
from sqlalchemy import select
from sqlmodel import col

from storage.models.work import Delivery
from storage.unit import open_store
from tests.chaos.staff import add_colleague
from tests.whole.product import PATIENCE_S, Product, serving

FRIENDS = 6
ROUNDS = 2
SLOW_S = 0.4
ENDS_WITHIN_S = 12.0


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path) as found:
        yield found


@pytest.fixture
def on_each_database(tmp_path: Path, database_url: str) -> Iterator[Product]:
    with serving(tmp_path, MADOGUCHI_DATABASE_URL=database_url) as found:
        yield found


def terminate(product: Product) -> int:
    """SIGTERM; the exit status."""
    assert product.process is not None
    product.process.send_signal(signal.SIGTERM)
    return product.process.wait(timeout=ENDS_WITHIN_S)


def states(product: Product) -> set[str]:
    """Of all deliveries."""
    with closing(open_store(product.more["MADOGUCHI_DATABASE_URL"])) as store:
        return set(store.read(lambda db: db.scalars(select(col(Delivery.state))).all()))


class Traffic:
    """Friends who talk without a pause; what LINE heard for each delivery, None for no answer."""

    def __init__(self, product: Product, users: list[str]) -> None:
        self.product = product
        self.statuses: list[int | None] = []
        self.said: dict[str, int] = dict.fromkeys(users, 0)
        self._is_over = False
        self._threads = [threading.Thread(target=self._talk, args=(user,)) for user in users]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._is_over = True
        for thread in self._threads:
            thread.join()

    def _talk(self, user: str) -> None:
        while not self._is_over:
            self.said[user] += 1
            status = self._sim(user, "say", {"text": f"駐車場はありますか {self.said[user]}"})
            self.statuses.append(status)
            while status != 200 and not self._is_over:
                time.sleep(0.1)
                status = self._sim(user, "redeliver", {})
            time.sleep(SLOW_S)  # as fast as LINE takes the answers, not as the machine can ask

    def _sim(self, user: str, deed: str, body: dict[str, str]) -> int | None:
        found: int | None = self.product.sim(f"friends/{user}/{deed}", body)["status"]
        return found


def test_restarts_under_traffic_cut_nobody_off_and_leave_nothing_in_doubt(
    on_each_database: Product,
) -> None:
    product = on_each_database
    users = [
        product.sim("friends", {"account": "main", "name": f"見本{n}"})["user_id"]
        for n in range(FRIENDS)
    ]
    for user in users:
        product.sim(f"friends/{user}/follow", {})
    product.sim("faults", {"kind": "delay", "seconds": SLOW_S, "times": 10_000})
    traffic = Traffic(product, users)

    for _ in range(ROUNDS):
        time.sleep(1.5)
        assert terminate(product) == 0
        assert "sending" not in states(product)  # every call that was under way has its outcome
        product.start()
    time.sleep(1.0)
    traffic.end()

    answered = [status for status in traffic.statuses if status is not None]
    assert len(answered) > FRIENDS * ROUNDS
    assert set(answered) == {200}
    product.clear_faults()
    deadline = time.monotonic() + PATIENCE_S
    while {"pending", "sending"} & states(product) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert states(product) == {"sent"}


def test_a_request_that_is_under_way_is_answered_and_then_nobody_is_let_in(
    product: Product,
) -> None:
    body = json.dumps({"email": "nobody@example.com", "password": "x" * 20}).encode()
    begun = http.client.HTTPConnection("127.0.0.1", product.port, timeout=10)
    begun.putrequest("POST", "/api/v1/session")
    begun.putheader("Content-Type", "application/json")
    begun.putheader("Origin", f"http://127.0.0.1:{product.port}")
    begun.putheader("Content-Length", str(len(body)))
    begun.endheaders(body[:10])
    resting = http.client.HTTPConnection("127.0.0.1", product.port, timeout=10)
    resting.request("GET", "/healthz")
    assert resting.getresponse().read()
    connected = socket.create_connection(("127.0.0.1", product.port))
    time.sleep(0.2)

    assert product.process is not None
    product.process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    resting.request("GET", "/readyz")
    ready = resting.getresponse()
    begun.send(body[10:])
    answer = begun.getresponse()

    assert ready.status == 503
    assert ready.getheader("Connection") == "close"
    assert json.load(ready)["reasons"] == ["the process ends"]
    assert answer.status == 401
    assert product.process.wait(timeout=ENDS_WITHIN_S) == 0
    connected.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{product.port}/healthz", timeout=2)


def test_browsers_are_told_to_come_again_and_do(product: Product, browser: Any) -> None:
    colleague = add_colleague(product, 1)
    client, told = socketio.Client(reconnection=False), list[Any]()
    client.on("server_restart", told.append)
    address = f"http://127.0.0.1:{product.port}"
    client.connect(address, headers={"Cookie": colleague.cookie}, transports=["websocket"])
    context = browser.new_context(locale="ja-JP")
    name, _, value = colleague.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.goto(address)
    page.get_by_text("接続中").first.wait_for()
    page.evaluate("window.isTheSamePage = true")

    assert terminate(product) == 0
    page.get_by_text("再接続").first.wait_for()
    product.start()

    assert told == [{"within_ms": 4000}]
    page.get_by_text("接続中").first.wait_for()
    assert page.evaluate("window.isTheSamePage")
    client.disconnect()
    context.close()
