"""200 operator sockets on a running Madoguchi: how long from a webhook to every operator's screen.

Then a storm: all hang up at once, events go on, and all come back within the time that browsers
spread themselves over; how long until each has every event again, by the gap that it asked for.

Started by `run.py`; speaks Engine.IO over WebSockets on raw sockets.
"""

from gevent import monkey

monkey.patch_all()

import base64  # noqa: E402 # after the patch
import contextlib  # noqa: E402
import hashlib  # noqa: E402
import hmac  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import urllib.request  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from driver import percentile, text_event  # noqa: E402
from gevent import socket  # noqa: E402

RUN = "sock"
SOCKETS_OF_ONE = 20
TEXT = re.compile(rb'"text": ?"bench (\d+)"')
HEAD = re.compile(rb'"head": ?(\d+)')
COME_BACK_WITHIN_S = 4.0
STORM_EVENTS = 100


class Operators:
    """Signed-in sockets that note when they first saw each event's message."""

    def __init__(self, port: int, count: int) -> None:
        self.port = port
        self.count = count
        self.cookies: list[str] = []
        self.seen: list[tuple[int, float]] = []
        self.ready: set[int] = set()
        self.head = 0
        self._open: list[socket.socket] = []

    def sign_in(self, email: str, password: str) -> None:
        """A session serves as many sockets as a person has tabs."""
        while len(self.cookies) * SOCKETS_OF_ONE < self.count:
            self.cookies.append(self._signed_in(email, password))

    def _signed_in(self, email: str, password: str) -> str:
        body = json.dumps({"email": email, "password": password}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/session",
            data=body,
            headers={
                "Content-Type": "application/json",
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers["Set-Cookie"].split(";")[0])

    def open(self, within_s: float = 0.0) -> None:
        """All of them, spread over a time, each from where the streams were."""
        self.ready.clear()
        for index in range(self.count):
            gevent.spawn_later(within_s * index / self.count, self._listen, index)
        while len(self.ready) < self.count:
            gevent.sleep(0.05)

    def drop(self) -> None:
        """All hang up at once, as when a proxy is started anew; where the streams were then."""
        dropped, self._open = self._open, []
        for sock in dropped:
            sock.close()
        self.seen.clear()
        sock = self._upgraded(self.cookies[0])
        sock.sendall(_masked("40"))
        self._read_until(sock, b"40")
        sock.sendall(_masked('420["resume",{"streams":{"main":1000000000}}]'))
        found = HEAD.search(self._read_until(sock, b"head"))
        self.head = int(found[1]) if found is not None else 0
        sock.close()

    def _listen(self, index: int) -> None:
        """Read raw bytes: a client that parses every frame would measure itself."""
        sock = self._upgraded(self.cookies[index // SOCKETS_OF_ONE])
        self._open.append(sock)
        sock.sendall(_masked("40"))
        self._read_until(sock, b"40")
        sock.sendall(_masked(f'420["resume",{{"streams":{{"main":{self.head}}}}}]'))
        rest, noted = self._read_until(sock, b"430["), set[int]()
        self.ready.add(index)
        with contextlib.suppress(OSError):  # hung up by the storm
            self._note(sock, rest, noted)

    def _note(self, sock: socket.socket, rest: bytes, noted: set[int]) -> None:
        chunk = b" "
        while chunk:
            now = time.monotonic()
            for number in map(int, TEXT.findall(rest)):
                if number not in noted:
                    noted.add(number)
                    self.seen.append((number, now))
            rest = rest[-64:]
            chunk = sock.recv(1 << 20)
            rest += chunk

    def _upgraded(self, cookie: str) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.port))
        sock.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
            b"Origin: http://127.0.0.1:%d\r\nCookie: %s\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: YmVuY2hiZW5jaGJlbmNoYg==\r\n\r\n"
            % (self.port, self.port, cookie.encode())
        )
        self._read_until(sock, b'"sid"')
        return sock

    def _read_until(self, sock: socket.socket, sign: bytes) -> bytes:
        """All that was read; the end of a message may still be on its way."""
        found = b""
        while sign not in found:
            chunk = sock.recv(65536)
            if not chunk:
                raise ConnectionError(found[:300])
            found += chunk
        return found


def _masked(text: str) -> bytes:
    """One text frame of a client, masked with zeros."""
    body = text.encode()
    return bytes([0x81, 0x80 | len(body), 0, 0, 0, 0]) + body  # up to 125 bytes


def send_events(
    port: int, secret: bytes, count: int, rate: float, run: str = RUN
) -> dict[int, float]:
    """Open loop: one event every 1/rate seconds; when each was sent."""
    sent: dict[int, float] = {}

    def one(number: int) -> None:
        event = text_event(run, f"bench {number}", number)
        body = json.dumps({"destination": "U" + "b" * 32, "events": [event]}).encode()
        signature = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()
        sent[number] = time.monotonic()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/line/main/webhook",
            data=body,
            headers={"x-line-signature": signature, "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()

    greenlets, start = [], time.monotonic()
    for number in range(count):
        gevent.sleep(max(0.0, start + number / rate - time.monotonic()))
        greenlets.append(gevent.spawn(one, number))
    gevent.joinall(greenlets, raise_error=True)
    return sent


def main() -> None:
    orders = json.loads(sys.argv[1])
    operators = Operators(orders["port"], orders["sockets"])
    operators.sign_in("bench@example.com", orders["password"])
    operators.open()
    sent = send_events(orders["port"], orders["secret"].encode(), orders["events"], orders["rate"])
    deadline = time.monotonic() + 30
    expected = orders["events"] * orders["sockets"]
    while len(operators.seen) < expected and time.monotonic() < deadline:
        gevent.sleep(0.05)
    waits = [at - sent[number] for number, at in operators.seen]
    print(
        json.dumps(
            {
                "expected": expected,
                "seen": len(operators.seen),
                "p50_ms": percentile(waits, 0.5),
                "p95_ms": percentile(waits, 0.95),
                "worst_ms": percentile(waits, 1.0),
                **storm(operators, orders),
            }
        )
    )


def storm(operators: Operators, orders: dict[str, Any]) -> dict[str, object]:
    """All sockets drop at once and come back; what each has then of what was said meanwhile."""
    operators.drop()
    secret, began = orders["secret"].encode(), time.monotonic()
    saying = gevent.spawn(send_events, orders["port"], secret, STORM_EVENTS, orders["rate"], "strm")
    operators.open(COME_BACK_WITHIN_S)
    back_s = time.monotonic() - began
    saying.join()
    expected = STORM_EVENTS * operators.count
    while len(operators.seen) < expected and time.monotonic() - began < 60:
        gevent.sleep(0.05)
    last = max((at for _, at in operators.seen), default=began)
    return {
        "storm_expected": expected,
        "storm_seen": len(operators.seen),
        "storm_all_back_s": round(back_s, 1),
        "storm_gapless_s": round(last - began, 1),
    }


if __name__ == "__main__":
    main()
