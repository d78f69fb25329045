"""The least that can be called the same work: store durably, acknowledge, answer a keyword.

gevent's own server, one writer with group commit, an own pool of sockets to the API. No console,
no flows, no second try: it is the limit of this machine and this language, not a product.
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable

import gevent
from gevent import socket
from gevent.event import Event
from gevent.lock import Semaphore
from gevent.pywsgi import WSGIServer
from gevent.threadpool import ThreadPool
from wire import Wire, connect

SECRET = os.environ["LINE_SECRET"].encode()
API_PORT = int(os.environ["LINE_API_URL"].rsplit(":", 1)[1])
POOL = 256

writer = ThreadPool(1)
waiting: list[tuple[str, str, float]] = []
next_commit = [Event()]  # of the rows that wait now
idle: list[Wire] = []
slots = Semaphore(POOL)


def opened() -> sqlite3.Connection:
    db = sqlite3.connect(os.environ["DATABASE"], isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, raw TEXT, at REAL)")
    return db


def write(db: sqlite3.Connection, rows: list[tuple[str, str, float]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?)", rows)
    db.execute("COMMIT")


def commit_for_ever() -> None:
    """Whatever came while the last commit ran goes into the next one."""
    db = writer.apply(opened)
    while True:
        if not waiting:
            gevent.sleep(0.0005)
            continue
        rows, done = waiting[:], next_commit[0]
        waiting.clear()
        next_commit[0] = Event()
        writer.apply(write, (db, rows))
        done.set()


def answer(token: str) -> None:
    body = json.dumps(
        {"replyToken": token, "messages": [{"type": "text", "text": "10:00から19:00までです。"}]}
    ).encode()
    request = (
        b"POST /v2/bot/message/reply HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer bench\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body
    with slots:
        wire = idle.pop() if idle else connect(API_PORT)
        wire.sock.sendall(request)
        wire.read()
        idle.append(wire)


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]
    body = environ["wsgi.input"].read()
    expected = base64.b64encode(hmac.new(SECRET, body, hashlib.sha256).digest())
    if not hmac.compare_digest(expected, environ["HTTP_X_LINE_SIGNATURE"].encode()):
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return [b""]
    events = json.loads(body)["events"]
    done = next_commit[0]
    waiting.extend((e["webhookEventId"], json.dumps(e), time.time()) for e in events)
    done.wait()
    for event in events:
        if event["message"]["text"] == "営業時間":
            gevent.spawn(answer, event["replyToken"])
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def listener() -> socket.socket:
    """Accepted sockets inherit TCP_NODELAY; without it every answer waits 44 ms for an ACK."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind(("127.0.0.1", int(os.environ["PORT"])))
    listening.listen(1024)
    return listening


if __name__ == "__main__":
    gevent.spawn(commit_for_ever)
    WSGIServer(listener(), application, log=None).serve_forever()
