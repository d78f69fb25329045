"""How fast: sockets, their events, and what one person may do in a row."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from console import live, socket_door
from console.api.openapi import document
from console.api.routes import ROUTES
from console.app import create_app
from console.door import House
from console.live import Live
from console.rates import LIMITS, Buckets, Limit, Rates
from console.socket_door import PATH, SocketDoor
from storage import paces
from storage.operators import NewOperator, add_operator
from storage.unit import Store, open_store
from tests import given
from tests.console.conftest import Browser, Clock, SignIn

FEW = dict.fromkeys(LIMITS, Limit(2, 1 / 30))
REPORT = {"from": "2026-11-01", "to": "2026-11-24", "by": "day"}


@pytest.fixture
def house(house: House) -> House:
    return replace(house, rates=Rates(FEW))


def asked(browser: Browser, kind: str, talk: str, number: int) -> Any:
    path = f"/conversations/{talk}"
    match kind:
        case "send":
            body = {"client_msg_id": f"c{number}", "text": "見本", "seen_seq": 99}
            return browser.call("POST", f"{path}/messages", body)
        case "export":
            return browser.call("POST", "/reports/files", REPORT)
        case "list":
            return browser.get("/conversations?q=見本")
    return browser.get("/search?q=見本")


@pytest.mark.parametrize("kind", ["send", "search", "list", "export"])
def test_who_is_too_fast_is_told_when_to_come_again(
    sign_in: SignIn, talk: str, clock: Clock, kind: str
) -> None:
    browser, colleague = sign_in("manager"), sign_in("supervisor")

    answers = [asked(browser, kind, talk, number) for number in range(3)]

    assert [a.status_code < 300 for a in answers] == [True, True, False]
    late = answers[-1]
    assert (late.status_code, late.headers["Retry-After"]) == (429, "30")
    assert late.json["error"]["code"] == "too_fast"
    assert "少し待" in late.json["error"]["message"] or "1分" in late.json["error"]["message"]
    english = browser.call("GET", "/search?q=見本", **{"Accept-Language": "en"})
    assert english.status_code == 200 or "Wait" in english.json["error"]["message"]
    assert asked(colleague, kind, talk, 9).status_code in {200, 409}, "each has their own"
    clock.pass_s(30)
    assert asked(browser, kind, talk, 2).status_code < 300


@pytest.mark.parametrize("kind", ["send", "export"])
def test_what_costs_is_counted_for_all_processes_together(
    house: House, sign_in: SignIn, talk: str, clock: Clock, kind: str
) -> None:
    browser = sign_in("manager")
    elsewhere = create_app(replace(house, rates=Rates(FEW))).test_client()
    cookie = browser.client.get_cookie("madoguchi")
    assert cookie is not None
    elsewhere.set_cookie("madoguchi", cookie.value)

    assert [asked(browser, kind, talk, number).status_code < 300 for number in range(2)] == [
        True
    ] * 2
    browser.client = elsewhere
    refused = asked(browser, kind, talk, 2)
    clock.pass_s(30)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert asked(browser, kind, talk, 2).status_code < 300


def test_a_clock_that_was_wrong_keeps_nobody_out(store: Store, now: datetime) -> None:
    operator = store.write(lambda db: given.an_operator(db, now).id)

    def ask(at: datetime) -> int:
        return store.write(lambda db: paces.take(db, operator, "send", Limit(2, 1), at))

    assert ask(now + timedelta(days=1)) == 0
    assert ask(now) == 1, "the bucket is empty, and no emptier"
    assert ask(now + timedelta(seconds=1)) == 0


def test_two_processes_never_give_the_same_try_away(postgres_url: str, now: datetime) -> None:
    with closing(open_store(postgres_url)) as one, closing(open_store(postgres_url)) as two:
        new = NewOperator("a@example.com", "見本", "operator", "hash", ())
        operator = one.write(lambda db: add_operator(db, new, now).id)
        start, limit = Barrier(8), Limit(3, 1)

        def ask(number: int) -> int:
            start.wait()
            store = (one, two)[number % 2]
            return store.write(lambda db: paces.take(db, operator, "send", limit, now))

        with ThreadPoolExecutor(8) as pool:
            waits = list(pool.map(ask, range(8)))

    assert sorted(waits) == [0, 0, 0, 1, 1, 1, 1, 1]


def test_a_list_without_words_is_not_a_search(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()

    assert {browser.get("/conversations").status_code for _ in range(5)} == {200}
    assert talk


def test_a_bucket_never_holds_more_than_its_burst_and_forgets_the_oldest(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.rates.MOST_KEPT", 2)
    buckets, limit = Buckets(), Limit(2, 1)
    clock.pass_s(3600)
    waits = [buckets.take("one", "send", limit, clock()) for _ in range(4)]

    assert waits == [0, 0, 1, 1]
    assert [buckets.take(who, "send", limit, clock()) for who in ("two", "three")] == [0, 0]
    assert buckets.take("one", "send", limit, clock()) == 0, "forgotten, so it begins anew"


def test_the_document_tells_what_is_limited() -> None:
    told = [
        f"{method} {path}"
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if "too_fast" in operation.get("description", "")
    ]

    assert len(told) == sum(route.limit is not None for route in ROUTES)
    assert "post /api/v1/conversations/{talk_id}/messages" in told


@pytest.fixture
def sockets(app: Flask, house: House, talk: str) -> Iterator[tuple[SocketIO, Live]]:
    assert talk
    socketio = SocketIO(app, async_mode="threading", manage_session=False)
    found = Live(socketio, house)
    yield socketio, found
    found.stop()


def test_a_socket_that_floods_is_let_go_and_others_are_not(
    sockets: tuple[SocketIO, Live], app: Flask, sign_in: SignIn
) -> None:
    one, two = (
        SocketIOTestClient(app, sockets[0], flask_test_client=sign_in(role).client)
        for role in ("operator", "supervisor")
    )

    for _ in range(live.EVENTS.burst):
        one.emit("presence", {"doing": "viewing"})
    assert one.is_connected()
    one.emit("presence", {"doing": "viewing"})

    assert not one.is_connected()
    assert two.emit("resume", {"streams": {"main": 0}}, callback=True)["streams"]


def test_without_a_session_there_is_no_socket_and_soon_one_is_told_to_wait(
    house: House, sign_in: SignIn, clock: Clock
) -> None:
    browser = sign_in()
    reached: list[str] = []

    def inside(_environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        reached.append("engine")
        start("200 OK", [])
        yield b"open"

    door = SocketDoor(inside, house)
    told: list[tuple[str, dict[str, str]]] = []

    def knock(cookie: str, address: str = "203.0.113.1", path: str = PATH) -> Iterator[bytes]:
        environ = {"PATH_INFO": path, "HTTP_COOKIE": cookie, "REMOTE_ADDR": address}
        return iter(door(environ, lambda status, headers: told.append((status, dict(headers)))))

    for _ in range(socket_door.STRANGERS.burst + 1):
        list(knock("madoguchi=guessed"))
    assert {status for status, _ in told[:-1]} == {"401 Unauthorized"}
    assert told[-1][0] == "429 Too Many Requests"
    assert told[-1][1]["Retry-After"] == "2"
    list(knock("", "203.0.113.2"))
    assert told[-1][0] == "401 Unauthorized", "another address is another's"
    clock.pass_s(60)
    list(knock(""))
    assert told[-1][0] == "401 Unauthorized"
    assert reached == []

    cookie = browser.client.get_cookie("madoguchi")
    assert cookie is not None
    own = f"madoguchi={cookie.value}"
    tabs = [knock(own) for _ in range(socket_door.MOST_SOCKETS)]
    assert [next(tab) for tab in tabs] == [b"open"] * len(tabs)
    list(knock(own))
    assert told[-1][0] == "429 Too Many Requests"
    list(tabs.pop())
    assert next(knock(own)) == b"open"
    list(knock("", path="/healthz"))
    assert told[-1][0] == "200 OK"


def test_behind_a_proxy_addresses_are_those_of_browsers(house: House) -> None:
    settings = replace(house.settings, proxy_hops=1)
    door = SocketDoor(create_app(house).wsgi_app, replace(house, settings=settings))
    told: list[str] = []

    def knock(address: str) -> str:
        environ = {
            "PATH_INFO": PATH, "REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": address,
        }  # fmt: skip
        list(door(environ, lambda status, _headers: told.append(status)))
        return told[-1][:3]

    answers = [knock("203.0.113.1") for _ in range(socket_door.STRANGERS.burst + 1)]

    assert answers[-1] == "429"
    assert knock("203.0.113.2") == "401"
