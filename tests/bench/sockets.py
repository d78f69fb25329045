"""200 operator sockets on a running Madoguchi: how long from a webhook to every operator's screen.

Started by `run.py`; speaks Engine.IO over plain WebSockets, as a browser does.
"""

from gevent import monkey

monkey.patch_all()

import base64  # noqa: E402 # after the patch
import hashlib  # noqa: E402
import hmac  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import urllib.request  # noqa: E402

import gevent  # noqa: E402
import websocket  # noqa: E402
from driver import percentile, text_event  # noqa: E402

RUN = "sock"


class Operators:
    """Signed-in sockets that note when they first saw each event's message."""

    def __init__(self, port: int, count: int) -> None:
        self.port = port
        self.count = count
        self.cookie = ""
        self.seen: list[tuple[int, float]] = []
        self.ready: set[int] = set()

    def sign_in(self, email: str, password: str) -> None:
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
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def open(self) -> None:
        for index in range(self.count):
            gevent.spawn(self._listen, index)
        while len(self.ready) < self.count:
            gevent.sleep(0.05)

    def _listen(self, index: int) -> None:
        ws = websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket",
            cookie=self.cookie,
            origin=f"http://127.0.0.1:{self.port}",
        )
        ws.recv()
        ws.send("40")
        ws.recv()
        ws.send('420["resume",{"streams":{"main":0}}]')
        while True:
            frame = ws.recv()
            now = time.monotonic()
            if frame == "2":
                ws.send("3")
            elif frame.startswith("43"):
                self.ready.add(index)
            elif frame.startswith('42["entry"'):
                self._note(json.loads(frame[2:])[1], now)

    def _note(self, entry: dict, now: float) -> None:
        message = entry["payload"].get("message") or {}
        text = message.get("text") or ""
        if entry["kind"] == "message.received" and text.startswith("bench "):
            self.seen.append((int(text.split()[1]), now))


def send_events(port: int, secret: bytes, count: int, rate: float) -> dict[int, float]:
    """Open loop: one event every 1/rate seconds; when each was sent."""
    sent: dict[int, float] = {}

    def one(number: int) -> None:
        event = text_event(RUN, f"bench {number}", number)
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
    deadline = time.monotonic() + 15
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
            }
        )
    )


if __name__ == "__main__":
    main()
