"""Load generator and LINE stand-in in one process: sends signed webhooks, sees the replies arrive.

Started by `run.py` with its orders as JSON on the command line; prints one JSON object.
"""

import base64
import hashlib
import hmac
import json
import math
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import gevent
from gevent import Greenlet
from gevent.pool import Group
from gevent.server import StreamServer
from wire import Wire, connect, response

PEOPLE = 200
BOT_USER_ID = "U" + "b" * 32


@dataclass
class Tally:
    """Moments in seconds of a monotonic clock, by the event's number."""

    sent: dict[int, float] = field(default_factory=dict)
    acked: dict[int, float] = field(default_factory=dict)
    replied: dict[int, float] = field(default_factory=dict)
    refused: int = 0
    pushes: int = 0
    multicasts: list[float] = field(default_factory=list)
    people: int = 0  # whom they were to
    repeated: int = 0
    late: list[float] = field(default_factory=list)  # how much later than due each was sent
    busy: float = 0.0  # the driver's own share of a core meanwhile


class StandIn:
    """Answers as LINE's reply API does, at once or after a delay, and notes the token's number."""

    def __init__(self, tally: Tally, delay_s: float) -> None:
        self.tally = tally
        self.delay_s = delay_s
        self.server = StreamServer(("127.0.0.1", 0), self._serve, backlog=1024)

    def start(self) -> int:
        self.server.start()
        return int(self.server.server_port)

    def _serve(self, sock: object, _address: object) -> None:
        wire = Wire(sock)  # type: ignore[arg-type] # StreamServer hands gevent's socket over
        while (head := wire.read()) is not None:
            if self.delay_s:
                gevent.sleep(self.delay_s)
            wire.sock.sendall(self._answer(head.first_line, head.body))

    def _answer(self, first_line: bytes, body: bytes) -> bytes:
        if b"/message/reply" in first_line:
            number = int(json.loads(body)["replyToken"].rsplit("-", 1)[1])
            self.tally.repeated += number in self.tally.replied
            self.tally.replied[number] = time.monotonic()
        elif b"/message/push" in first_line:
            self.tally.pushes += 1
        elif b"/message/multicast" in first_line:
            self.tally.multicasts.append(time.monotonic())
            self.tally.people += body.count(b'"U')
        elif b"/profile/" in first_line:
            user_id = first_line.split(b" ")[1].rsplit(b"/", 1)[1]
            return response(b'{"displayName":"bench","userId":"%s"}' % user_id)
        return response(b'{"sentMessages":[{"id":"1"}]}')


def requests(secret: bytes, path: str, run: str, text: str, numbers: range) -> Iterator[bytes]:
    """Signed webhook requests, one text event each, of 200 people in turn."""
    for number in numbers:
        body = json.dumps(
            {"destination": BOT_USER_ID, "events": [text_event(run, text, number)]}
        ).encode()
        signature = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
        yield (
            b"POST " + path.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nx-line-signature: " + signature + b"\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        ) + body


def text_event(run: str, text: str, number: int) -> dict[str, object]:
    """One text event in LINE's own shape."""
    return {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": f"U{number % PEOPLE:032x}"},
        "webhookEventId": f"01{run}{number:022d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"token-{run}-{number}",
        "message": {"type": "text", "id": f"{run}{number}", "quoteToken": "q", "text": text},
    }


def closed_loop(port: int, prepared: list[bytes], first: int, connections: int, t: Tally) -> None:
    """Every connection sends its next event as soon as the last one was acknowledged."""
    queue = iter(range(len(prepared)))

    def work() -> None:
        wire = connect(port)
        for index in queue:
            wire = _send(wire, port, prepared[index], first + index, t)

    gevent.joinall([gevent.spawn(work) for _ in range(connections)], raise_error=True)


def open_loop(port: int, ready: Iterator[bytes], rate: float, t: Tally) -> None:
    """An event every 1/rate seconds, whatever the answers do (no coordinated omission)."""
    idle: list[Wire] = []

    def one(number: int, request: bytes) -> None:
        wire = idle.pop() if idle else connect(port)
        idle.append(_send(wire, port, request, number, t))

    start, spent_s, group = time.monotonic(), time.process_time(), Group()
    for number, request in enumerate(ready):
        due = start + number / rate
        gevent.sleep(max(0.0, due - time.monotonic()))
        t.late.append(time.monotonic() - due)
        group.start(Greenlet(one, number, request))
    t.busy = (time.process_time() - spent_s) / (time.monotonic() - start)
    group.join(raise_error=True)


def _send(wire: Wire, port: int, request: bytes, number: int, t: Tally) -> Wire:
    t.sent[number] = time.monotonic()
    wire.sock.sendall(request)
    head = wire.read()
    while head is None:  # the server closed an idle connection: LINE would connect again
        wire = connect(port)
        wire.sock.sendall(request)
        head = wire.read()
    t.acked[number] = time.monotonic()
    t.refused += b" 200 " not in head.first_line + b" "
    return connect(port) if head.closes else wire


def wait_for_replies(t: Tally, count: int, patience_s: float) -> None:
    """Until every event was replied to, or nothing more has come for `patience_s`."""
    last, since = -1, time.monotonic()
    while len(t.replied) < count and time.monotonic() - since < patience_s:
        if len(t.replied) != last:
            last, since = len(t.replied), time.monotonic()
        gevent.sleep(0.02)


def percentile(values: list[float], share: float) -> float | None:
    """The value in milliseconds below which that share lies; None when there is none."""
    ordered = sorted(values)
    return (
        round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
        if ordered
        else None
    )


def histogram(seconds: list[float]) -> dict[str, int]:
    """How many took no longer than so many milliseconds, each power of two by itself."""
    powers = Counter(max(0, math.ceil(math.log2(max(1e-6, 1000 * s)))) for s in seconds)
    return {str(2**power): powers[power] for power in sorted(powers)}


def summary(t: Tally) -> dict[str, object]:
    acks = [t.acked[n] - t.sent[n] for n in t.acked]
    replies = [t.replied[n] - t.sent[n] for n in t.replied if n in t.sent]
    span = max(t.replied.values(), default=0.0) - min(t.sent.values(), default=0.0)
    return {
        "sent": len(t.sent),
        "refused": t.refused,
        "replied": len(replies),
        "repeated": t.repeated,
        "pushes": t.pushes,
        "multicasts": len(t.multicasts),
        "most_multicasts_in_1_s": max(Counter(map(int, t.multicasts)).values(), default=0),
        "people": t.people,
        "replies_per_s": round(len(replies) / span, 1) if replies else 0.0,
        "ack_ms": [percentile(acks, 0.5), percentile(acks, 0.99)],
        "ack_worst_ms": percentile(acks, 1.0),
        "acked": len(acks),
        "acks_over_1_s": sum(a > 1 for a in acks),
        "acks_over_2_s": sum(a > 2 for a in acks),
        "ack_histogram": histogram(acks),
        "driver": {"busy": round(t.busy, 2), "late_ms": percentile(t.late, 0.99)},
        "reply_ms": [percentile(replies, 0.5), percentile(replies, 0.99)],
        "reply_p95_ms": percentile(replies, 0.95),
    }


def main() -> None:
    """Say the stand-in's port, wait for the order to go, then drive and print the figures."""
    orders = json.loads(sys.argv[1])
    _take_all_files()
    tally = Tally()
    stand_in = StandIn(tally, orders["delay_s"])
    print(json.dumps({"port": stand_in.start()}), flush=True)
    for line in _lines():
        order = json.loads(line)
        tally.__init__()  # type: ignore[misc] # every order starts from nothing
        ready = requests(
            orders["secret"].encode(),
            orders["path"],
            order["run"],
            orders["text"],
            range(order["count"]),
        )
        if order["rate"]:  # made as they are sent: ten minutes of them would fill the memory
            open_loop(order["port"], ready, order["rate"], tally)
        else:
            closed_loop(order["port"], list(ready), 0, order["connections"], tally)
        wait_for_replies(tally, order["count"], order["patience_s"])
        print(json.dumps(summary(tally)), flush=True)


def _take_all_files() -> None:
    """In an open loop each webhook that waits for its answer has a connection of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _lines() -> Iterator[str]:
    """Orders from standard input, read without holding the stand-in up."""
    from gevent.fileobject import FileObject

    yield from FileObject(sys.stdin, "r")


if __name__ == "__main__":
    main()
