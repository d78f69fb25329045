"""A browser that never reads: what waits for it has a bound, and it is let go; others go on."""

import base64
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import gevent
import pytest
from flask import Flask, request
from flask_socketio import SocketIO

from console import slow_readers
from console.server import listen, make_server
from tests.bot.waiting import eventually

ENTRY = "見本" * 2_000
MOST_SIGNS = 200_000
MOST_PACKETS = 40


@dataclass
class Feed:
    """A server on a thread of its own, with what it knows of its sockets."""

    port: int = 0
    to_emit: int = 0
    emitted: int = 0
    most_signs: int = 0
    most_packets: int = 0
    here: dict[str, Any] = field(default_factory=dict)
    is_over: bool = False

    def run(self, started: threading.Event) -> None:
        app = Flask("feed")
        io = SocketIO(app, async_mode="gevent", transports=["websocket"], manage_session=False)
        slow_readers.bound(io.server.eio, 64 * 1024)
        io.on_event("connect", lambda *_: self.here.setdefault(request.sid, None))
        io.on_event("disconnect", lambda *_: self.here.pop(request.sid, None))
        listener = listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        server = make_server(app, listener)
        server.start()
        started.set()
        while not self.is_over:
            if self.emitted < self.to_emit:
                io.emit("entry", {"id": self.emitted, "text": ENTRY})
                self.emitted += 1
                for one in list(io.server.eio.sockets.values()):
                    self.most_signs = max(self.most_signs, one.queue.signs)
                    self.most_packets = max(self.most_packets, one.queue.qsize())
            gevent.sleep(0.001)
        server.stop(timeout=1)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    monkeypatch.setattr(slow_readers, "MOST_SIGNS", MOST_SIGNS)
    monkeypatch.setattr(slow_readers, "MOST_PACKETS", MOST_PACKETS)
    feed, started = Feed(), threading.Event()
    thread = threading.Thread(target=feed.run, args=[started])
    thread.start()
    assert started.wait(20)
    yield feed
    feed.is_over = True
    thread.join(20)


def come(feed: Feed) -> socket.socket:
    """A browser that opens the namespace, and reads only when it is told to."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(20)
    sock.connect(("127.0.0.1", feed.port))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: " + key.encode() + b"\r\n\r\n"
    )
    answered = b""
    while b"\r\n\r\n" not in answered:
        answered += sock.recv(1024)
    known = len(feed.here)
    mask = b"\0\0\0\0"  # `40`: Socket.IO's connect, in one masked frame
    sock.sendall(b"\x81\x82" + mask + b"40")
    eventually(lambda: len(feed.here) > known, "it is connected")
    return sock


def read_all(sock: socket.socket, read: bytearray) -> None:
    """Until the other side is gone."""
    with suppress(ConnectionResetError):
        while more := sock.recv(65536):
            read += more


def test_who_does_not_read_is_let_go_and_who_reads_gets_everything(feed: Feed) -> None:
    slow, quick = come(feed), come(feed)
    read, left = bytearray(), bytearray()
    reader = threading.Thread(target=read_all, args=[quick, read])
    reader.start()

    while len(feed.here) == 2:  # more, until the one that does not read is gone
        assert feed.to_emit < 20_000, "nobody was let go"
        feed.to_emit += 20
        eventually(lambda: feed.emitted >= feed.to_emit, "they are emitted")

    assert feed.most_packets <= MOST_PACKETS
    assert feed.most_signs <= MOST_SIGNS + len(ENTRY) * 2
    read_all(slow, left)
    assert left.count(b'"entry"') < feed.emitted, "it was cut off, and its browser sees that"
    again = come(feed)
    feed.to_emit += 1
    eventually(lambda: b'"entry"' in again.recv(65536), "it comes back and is served")
    again.close()
    eventually(lambda: read.count(b'"entry"') == feed.emitted, "who reads has everything")
    quick.shutdown(socket.SHUT_RDWR)
    reader.join(20)
    slow.close()
    quick.close()


def test_a_large_message_arrives_whole_at_who_reads_late(feed: Feed) -> None:
    late = come(feed)
    feed.to_emit += 20
    eventually(lambda: feed.emitted == feed.to_emit, "they are on their way")

    read = b""
    while read.count(b'"entry"') < feed.emitted or not read.endswith(b"}]"):
        more = late.recv(65536)
        assert more, "the connection stands"
        read += more

    assert read.count(ENTRY.encode()) + read.count(ENTRY.encode("unicode_escape")) == feed.emitted
    late.close()
