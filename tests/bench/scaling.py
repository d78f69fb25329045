"""How much more two and four workers do than one: a backlog on PostgreSQL, and who works it off.

The events are put in beforehand, each of another customer in turn, so that what is measured is
claiming, turns, deliveries and calls to LINE's stand-in, and nothing that a web process does.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from candidates_list import madoguchi
from databases import database
from driver import text_event
from ports import a_row_of_free_ports
from processes import Driver, cpu_s, wait_until_ready
from sqlalchemy import text

from storage.accounts import list_accounts
from storage.arrivals import depth, keep
from storage.unit import Store, open_store


def scale(work: Path, workers: int, backlog: int) -> Iterator[dict[str, Any]]:
    """Turns a second, from the moment at which all are ready until nothing waits."""
    folder, port = work / f"workers-{workers}", a_row_of_free_ports(workers)
    folder.mkdir()
    with ExitStack() as stack:
        url = stack.enter_context(database("postgresql", folder))
        driver = Driver("/", 0.0)
        stack.callback(driver.close)
        candidate = madoguchi(folder, driver.api_port, port, url)
        store = open_store(url)
        stack.callback(store.close)
        processes = [_start(candidate.environment, port + n) for n in range(workers)]
        for process in processes:
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for number, process in enumerate(processes):
            wait_until_ready(f"http://127.0.0.1:{port + number}/readyz", process)
        for process in processes:
            process.suspend()
        _put_in(store, backlog)
        spent, server = [cpu_s(process) for process in processes], _server_of(store)
        at_first = _bytes_written(store), cpu_s(server)
        for process in processes:
            process.resume()
        took_s = _work_off(store)
        used = [round(cpu_s(p) - s, 1) for p, s in zip(processes, spent, strict=True)]
        written, served_s = _bytes_written(store) - at_first[0], cpu_s(server) - at_first[1]
        yield {
            "what": "scaling",
            "turns_per_s": round(backlog / took_s),
            "worker_cpu_s": used,
            "turns_per_worker_cpu_s": round(backlog / sum(used)),
            "turns_per_postgres_cpu_s": round(backlog / served_s),
            "wal_kb_per_turn": round(written / 1024 / backlog, 1),
        }


def _server_of(store: Store) -> psutil.Process:
    """PostgreSQL's own process, whose children serve the connections."""
    backend = store.read(lambda db: db.scalar(text("SELECT pg_backend_pid()")))
    found: psutil.Process | None = psutil.Process(backend).parent()
    if found is None:
        raise SystemExit("PostgreSQL is not on this machine")
    return found


def _bytes_written(store: Store) -> int:
    """How much PostgreSQL has written to its log of changes so far."""
    lsn = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
    return int(store.read(lambda db: db.scalar(text(lsn))) or 0)


def _start(environment: dict[str, str], port: int) -> psutil.Popen:
    command = [sys.executable, "-m", "console", "serve", "--only", "worker", "--port", str(port)]
    return psutil.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


def _put_in(store: Store, backlog: int) -> None:
    now = datetime.now(UTC)
    (account,) = store.read(list_accounts)
    for first in range(0, backlog, 500):
        numbers = range(first, min(backlog, first + 500))
        events = [json.loads(json.dumps(text_event("scal", "営業時間", n))) for n in numbers]
        store.write(lambda db, events=events: keep(db, account, events, now))  # type: ignore[misc] # bound now


def _work_off(store: Store) -> float:
    began = time.monotonic()
    while store.read(depth)[0]:
        time.sleep(0.02)
    return time.monotonic() - began
