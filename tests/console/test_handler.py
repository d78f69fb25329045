"""How a request's head is read: what HTTP/1.1 forbids is 400, and the rest is as it was sent."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from queue import Queue
from struct import pack
from threading import Event, Thread
from typing import Any

import gevent
import pytest
from flask import Flask, Response, request

from console.handler import JOINED_BYTES, MOST_HEADERS, MOST_OF_A_LINE, read_head
from console.server import listen, make_server


@pytest.mark.parametrize(
    "lines",
    [
        b"no colon\r\n", b"Name : value\r\n", b" folded: yes\r\n", b": nameless\r\n",
        b"A: b\r\n folded\r\n", b"A: nul\x00\r\n", b"A: bare\rreturn\r\n",
        b"Content-Length: 1\r\nContent-Length: 1\r\n", b"N\xc3\xa4me: value\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\ntransfer-encoding: identity\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length: +5\r\n", b"Content-Length: 1_0\r\n", b"Content-Length:\r\n",
        b"Host: a\r\nhost: b\r\n",
        b"A: " + b"x" * MOST_OF_A_LINE + b"\r\n", b"A: b\r\n" * (MOST_HEADERS + 1),
    ],
)  # fmt: skip
def test_what_two_readers_could_take_differently_is_refused(lines: bytes) -> None:
    assert read_head(BytesIO(lines + b"\r\n")).status


def test_headers_are_found_by_any_spelling_and_keep_their_order() -> None:
    file = BytesIO(b"Host: a\r\nX-One: 1\r\nX-One:2 \r\ncontent-TYPE:\ttext/plain\r\n\r\nbody")
    head = read_head(file)

    assert (head.status, head.get("x-one"), head.typeheader) == ("", "1", "text/plain")
    assert head.headers == ["Host: a", "X-One: 1", "X-One:2 ", "content-TYPE:\ttext/plain"]
    assert (head.get("absent"), head.getheader("absent", "")) == (None, "")
    assert file.read() == b"body"


@pytest.fixture
def app() -> Flask:
    """Tells what it was asked."""
    app = Flask(__name__)

    @app.post("/told")
    def told() -> dict[str, Any]:
        return {"headers": dict(request.headers), "body": request.get_data(as_text=True)}

    @app.get("/large/<int:size>")
    def large(size: int) -> Response:
        return Response(b"x" * size)

    @app.get("/parts")
    def parts() -> Response:
        return Response(iter([b"one", b"", b"two"]))

    @app.get("/held")
    def held() -> str:  # the whole server stands still meanwhile: its threads are real ones
        app.extensions["held"].set()
        app.extensions["let_go"].wait(10)
        return "held"

    return app


@dataclass
class Served:
    """A server on a hub of its own, with what failed on it."""

    port: int
    failures: list[type[BaseException]]
    held: Event
    let_go: Event


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    ports: Queue[int] = Queue()
    is_over = Event()
    failures: list[type[BaseException]] = []
    app.extensions |= {"held": Event(), "let_go": Event()}

    def serve() -> None:
        gevent.get_hub().print_exception = lambda _context, kind, *_more: failures.append(kind)
        server = make_server(app, listen("127.0.0.1", 0))
        server.start()
        ports.put(server.server_port)
        while not is_over.is_set():
            gevent.sleep(0.01)
        server.stop(timeout=1)

    thread = Thread(target=serve)
    thread.start()
    yield Served(ports.get(timeout=10), failures, app.extensions["held"], app.extensions["let_go"])
    is_over.set()
    thread.join()


@pytest.fixture
def port(served: Served) -> int:
    return served.port


PARTS = b"GET /parts HTTP/1.1\r\nHost: a\r\n\r\n"


def ask(port: int, *requests: bytes) -> bytes:
    """All that comes back on one connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for each in requests:
            line.sendall(each)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def test_requests_of_all_shapes_on_one_connection(port: int) -> None:
    plain = b"POST /told HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 2\r\n\r\nok"
    chunked = (
        b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n0\r\n\r\n"
    )
    found = ask(port, plain + chunked, PARTS)

    assert found.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert b'"X-Two":"1,2"' in found
    assert b'"body":"ok"' in found
    assert b'"body":"yes"' in found
    assert found.endswith(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


@pytest.mark.parametrize("size", [0, 1, JOINED_BYTES, JOINED_BYTES + 1, 300_000])
def test_an_answer_of_any_size_arrives_whole(port: int, size: int) -> None:
    head, _, body = ask(port, b"GET /large/%d HTTP/1.1\r\nHost: a\r\n\r\n" % size).partition(
        b"\r\n\r\n"
    )

    assert b"\r\nContent-Length: %d\r\n" % size in head + b"\r\n"
    assert body == b"x" * size


def test_a_head_that_is_none_is_400_and_ends_the_connection(port: int) -> None:
    smuggled = (
        b"POST /told HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    found = ask(port, smuggled + b"0\r\n\r\nGET /parts HTTP/1.1\r\nHost: a\r\n\r\n")

    assert found.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert found.count(b"HTTP/1.1 ") == 1


def test_who_is_gone_before_the_answer_is_no_error_and_others_are_served(served: Served) -> None:
    there = ("127.0.0.1", served.port)
    with socket.create_connection(there, timeout=10) as holder:
        gone = socket.create_connection(there, timeout=10)
        gone.sendall(PARTS)
        read_until(gone, b"0\r\n\r\n")
        holder.sendall(b"GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
        assert served.held.wait(10)
        gone.sendall(b"what is left of a socket\r\n\r\n")
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))  # cut off
        gone.close()
        served.let_go.set()
        read_until(holder, b"held")

    assert ask(served.port, PARTS).startswith(b"HTTP/1.1 200 OK\r\n")
    assert served.failures == []


def read_until(line: socket.socket, end: bytes) -> None:
    found = b""
    while not found.endswith(end):
        found += line.recv(65_536)
