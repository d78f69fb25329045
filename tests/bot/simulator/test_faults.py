"""Each fault of the control API: what a bot sees of it, and what LINE did all the same."""

from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread

import gevent
import pytest
import urllib3
from flask import Flask
from gevent.pywsgi import WSGIServer

from tests.bot.conftest import serve
from tests.bot.simulator.conftest import HELLO, KEY, Line

RATE = {"message": "The API rate limit has been exceeded. Try again later."}
MONTHLY = {"message": "You have reached your monthly limit."}


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("error", 500, {"message": "Internal error"}),
        ("rate", 429, RATE),
        ("monthly", 429, MONTHLY),
    ],
)
def test_a_refusing_fault_is_for_so_many_calls_of_a_path(
    line: Line, kind: str, status: int, body: dict[str, str]
) -> None:
    user = line.friend()
    line.control("faults", kind=kind, path="/push", times=2)

    assert line.get("info").status_code == 200
    answers = [line.push(user, key=KEY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json == body
    assert line.shown(user) == 1


def test_the_two_429_differ_in_their_words_alone(line: Line) -> None:
    user = line.friend()
    line.control("faults", kind="rate")
    line.control("faults", kind="monthly")

    rate, monthly = line.push(user), line.push(user)

    assert (rate.status_code, monthly.status_code) == (429, 429)
    assert (rate.json, monthly.json) == (RATE, MONTHLY)
    assert "Retry-After" not in rate.headers


def test_a_500_may_hide_an_accepted_message(line: Line) -> None:
    user = line.friend()
    line.control("faults", kind="error_after")

    assert line.push(user, key=KEY).status_code == 500
    assert line.shown(user) == 1
    assert line.push(user, key=KEY).status_code == 409
    assert line.shown(user) == 1


def test_a_delay_comes_before_the_answer_and_changes_nothing_else(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("bot.simulator.api.time.sleep", slept.append)
    user = line.friend()
    line.control("faults", kind="delay", seconds=30)

    assert line.push(user).status_code == 200
    assert slept == [30]
    assert line.shown(user) == 1


@pytest.fixture(params=["werkzeug", "gevent"])
def url(request: pytest.FixtureRequest, line: Line) -> Iterator[str]:
    """The simulator on a socket, under each of the servers that it runs on."""
    if request.param == "werkzeug":
        server, url = serve(line.app)
        yield url
        server.shutdown()
        return
    ports: Queue[int] = Queue()
    is_over = Event()
    thread = Thread(target=serve_with_gevent, args=(line.app, ports, is_over))
    thread.start()
    yield f"http://127.0.0.1:{ports.get(timeout=10)}"
    is_over.set()
    thread.join()


def serve_with_gevent(app: Flask, ports: "Queue[int]", is_over: Event) -> None:
    """A hub of its own on this thread, until the event."""
    server = WSGIServer(("127.0.0.1", 0), app, log=None)
    server.start()
    ports.put(server.server_port)
    while not is_over.is_set():
        gevent.sleep(0.01)
    server.stop(timeout=1)


@pytest.mark.parametrize(("kind", "shown"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_ends_the_connection_without_an_answer(
    line: Line, url: str, kind: str, shown: int
) -> None:
    user = line.friend()
    line.control("faults", kind=kind)
    pool = urllib3.PoolManager(retries=False, timeout=10)

    def push() -> int:
        headers = {"Authorization": "Bearer main-token", "X-Line-Retry-Key": KEY}
        body = {"to": user, "messages": [HELLO]}
        return pool.request("POST", f"{url}/v2/bot/message/push", json=body, headers=headers).status  # fmt: skip

    with pytest.raises(urllib3.exceptions.ProtocolError):
        push()
    assert line.shown(user) == shown
    assert push() == (409 if shown else 200)
    assert line.shown(user) == 1
    pool.clear()


def test_faults_are_cleared_at_once(line: Line) -> None:
    user = line.friend()
    line.control("faults", kind="error", times=100)

    assert line.app.test_client().delete("/sim/v1/faults").status_code == 200
    assert line.push(user).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "fire"},
        {"kind": 1},
        {"kind": "error", "times": 0},
        {"kind": "error", "times": "2"},
        {"kind": "error", "times": True},
        {"kind": "error", "path": 1},
        {"kind": "delay", "seconds": 61},
        {"kind": "delay", "seconds": -1},
        {"kind": "delay", "seconds": float("nan")},
        {"kind": "reorder", "together": 1},
        {"kind": "error", "colour": "red"},
    ],
)
def test_a_fault_that_cannot_be_is_refused(line: Line, fault: dict[str, object]) -> None:
    answer = line.control("faults", **fault)

    assert (answer.status_code, bool(answer.json["message"])) == (400, True)
    assert line.simulator.faults == []
    assert line.control("faults", kind="error").status_code == 201
