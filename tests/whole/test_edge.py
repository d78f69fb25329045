"""The outer edge of the running product: sockets that nobody may open, and messages too large."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_locked_out import Session

KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YmVuY2hiZW5jaGJlbmNoYg==\r\n"


@pytest.fixture
def session(demo: Demo) -> Session:
    return Session(demo.url, "manager@example.com", demo.password("manager@example.com"))


def upgraded(
    demo: Demo, cookie: str = "", origin: str | None = None
) -> tuple[socket.socket, bytes]:
    """A raw WebSocket, and the first line of the answer."""
    host, port = demo.url.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=10)
    opened.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: %s:%s\r\n"
        b"Origin: %s\r\nCookie: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s\r\n"
        % (host.encode(), port.encode(), (origin or demo.url).encode(), cookie.encode(), KEY)
    )
    return opened, opened.recv(65536)


def frame_of(text: str) -> bytes:
    """One short text frame of a client, masked with zeros."""
    body = text.encode()
    return bytes([0x81, 0x80 | len(body)]) + bytes(4) + body


def received(opened: socket.socket) -> Iterator[bytes]:
    """What comes until it is closed, or silent."""
    opened.settimeout(3)
    try:
        while chunk := opened.recv(65536):
            yield chunk
    except (ConnectionError, TimeoutError):
        return


def test_only_who_is_signed_in_and_from_our_page_has_a_socket(demo: Demo, session: Session) -> None:
    def status(cookie: str, origin: str | None = None) -> bytes:
        opened, answer = upgraded(demo, cookie, origin)
        opened.close()
        return answer[9:12]

    assert status(session.cookie) == b"101"
    assert status("") == status("madoguchi=guessed") == b"401"
    assert status(session.cookie, "https://evil.example") == b"400"


def test_a_message_over_64_kib_ends_the_socket_before_all_of_it_is_read(
    demo: Demo, session: Session
) -> None:
    opened, _ = upgraded(demo, session.cookie)
    opened.sendall(frame_of("40"))
    opened.sendall(frame_of('420["resume",{}]'))
    answered = b""
    while b"430[" not in answered:  # it is served so far
        answered += opened.recv(65536)
    try:
        opened.sendall(b"\x81\xff" + (1 << 30).to_bytes(8) + bytes(4))  # one frame of 1 GiB
        for _ in range(400):
            opened.sendall(b"x" * 65536)
            time.sleep(0.001)
    except ConnectionError:
        sent_all = False
    else:
        sent_all = True

    assert not sent_all
    list(received(opened))
    opened.close()
    following, answer = upgraded(demo, session.cookie)
    following.close()
    assert answer[9:12] == b"101", "and the next one is served"


def test_a_socket_that_floods_is_let_go(demo: Demo, session: Session) -> None:
    opened, _ = upgraded(demo, session.cookie)
    opened.sendall(frame_of("40"))
    answered = b""
    while b"40{" not in answered:  # it is let in
        answered += opened.recv(65536)
    opened.sendall(frame_of('42["presence",{"doing":"viewing"}]') * 80)

    told = b"".join(received(opened))
    opened.close()
    assert b"41" in told, "Socket.IO says that it is over"
