"""How many calls a second LINE's simulator takes: `.venv/bin/python tests/bench/simulator.py`.

It is the target of every load test, so it has to be faster than what is tested. Each call is a push
with a retry key of its own and its messages checked; LINE's limit is 2,000 a second for an account,
so several are used. `calls_per_cpu_s` is what one core takes when the simulator has it alone.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from uuid import uuid4

import gevent
import psutil
from ports import a_row_of_free_ports
from processes import cpu_s, rss_mb, wait_until_ready
from wire import connect

ACCOUNTS = 8
FRIENDS = 25
CONNECTIONS = 32
MESSAGE = {"type": "text", "text": "営業時間は10:00から19:00までです。"}


def main() -> None:
    """Start one, call it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    calls, port = parser.parse_args().calls, a_row_of_free_ports(1)
    command = [sys.executable, "-m", "console", "simulator", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/sim/v1/revision", process)
        print(json.dumps(_measure(port, psutil.Process(process.pid), _requests(port, calls))))
    finally:
        process.terminate()
        process.wait()


def _measure(port: int, process: psutil.Process, requests: list[bytes]) -> dict[str, object]:
    waiting, statuses = iter(requests), Counter[str]()

    def work() -> None:
        wire = connect(port)
        for request in waiting:
            wire.sock.sendall(request)
            head = wire.read()
            statuses[head.first_line.split()[1].decode() if head is not None else "none"] += 1

    spent_s, began = cpu_s(process), time.monotonic()
    gevent.joinall([gevent.spawn(work) for _ in range(CONNECTIONS)], raise_error=True)
    took_s, spent_s = time.monotonic() - began, cpu_s(process) - spent_s
    return {
        "calls_per_s": round(len(requests) / took_s),
        "calls_per_cpu_s": round(len(requests) / spent_s),
        "statuses": statuses,
        "rss_mb": round(rss_mb(process)),
    }


def _requests(port: int, count: int) -> list[bytes]:
    for number in range(ACCOUNTS):
        account = {"id": f"a{number}", "secret": "s", "token": f"t{number}", "plan_limit": None}
        _control(port, "accounts", {**account, "webhook_url": "http://127.0.0.1:1/"})
    friends = [
        _control(port, "friends", {"account": f"a{n % ACCOUNTS}", "name": "見本"})["user_id"]
        for n in range(ACCOUNTS * FRIENDS)
    ]
    return [_push(n % ACCOUNTS, friends[n % len(friends)]) for n in range(count)]


def _push(account: int, friend: str) -> bytes:
    body = json.dumps({"to": friend, "messages": [MESSAGE]}).encode()
    return (
        b"POST /v2/bot/message/push HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nAuthorization: Bearer t%d\r\n"
        b"X-Line-Retry-Key: %s\r\nContent-Length: %d\r\n\r\n"
        % (account, str(uuid4()).encode(), len(body))
    ) + body


def _control(port: int, path: str, body: dict[str, object]) -> dict[str, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sim/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, str] = json.load(answer)
        return found


if __name__ == "__main__":
    main()
