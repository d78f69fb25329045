"""What one install bears, and what several processes bear together.

    .venv/bin/python -m tests.bench.load [--database sqlite|postgresql] [--customers N] …

Open loops send at a constant rate, whatever the answers do, so that a queue shows. The generator
and the stand-in of LINE are one process beside the product's, on the same machine: on two cores
that others use as well, compare the rows of one run with each other. Prints, and asserts no time.

`flow` is from webhook to answer. `steady` and `burst` are the webhook's own gates: how long until
each is acknowledged, and whether the database has all that were; their turns follow when they can,
so the burst meets what the steady stream has left. `driver` tells whether the generator kept up.
"""

import argparse
import json
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parent))  # the driver runs as a script, and so do we

from candidates_list import Candidate, candidates, madoguchi
from databases import database
from ports import a_row_of_free_ports
from processes import Driver, cpu_s, rss_mb, wait_until_ready
from sqlalchemy import func
from sqlmodel import col, select

from storage.models.work import Arrival
from storage.unit import open_store
from tests.bench.scaling import scale
from tests.bench.years import fill

Row = dict[str, Any]
GTHREAD = 1  # its place among the candidates
PATIENCE_S = 20.0
BURST_S = 10
TOO_LATE_MS, TOO_BUSY = 50, 0.8  # then it is the generator that is measured


class Server:
    """A candidate at work, which may be killed and started again."""

    def __init__(self, candidate: Candidate, port: int, log: Path) -> None:
        self.candidate, self.port, self._log = candidate, port, log
        self.ready_s = self.start()

    def start(self) -> float:
        """Start it; how long until it was ready."""
        began = time.monotonic()
        with self._log.open("ab") as output:
            command, environment = self.candidate.command, self.candidate.environment
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        ready = f"http://127.0.0.1:{self.port}{self.candidate.ready_path}"
        wait_until_ready(ready, self.process)
        self.watched = psutil.Process(self.process.pid)
        return time.monotonic() - began

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """A signal, and until it has ended."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)


def main() -> None:
    """The gates of one process on each database, the SDK's sample beside it; then several."""
    options = _options()
    work = Path(tempfile.mkdtemp(prefix="madoguchi-load-"))
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}, Python "
          f"{platform.python_version()}, {options.customers:,} customers", flush=True)  # fmt: skip
    try:
        for kind in options.database or ("sqlite", "postgresql"):
            _print(kind, lambda kind=kind: _of_ours(kind, work, options))  # type: ignore[misc] # bound now
        if not options.without_sdk:
            _print("SDK sample, gthread 8", lambda: _of_the_sample(work, options))
        if "sqlite" not in (options.database or ()) and options.workers:
            for count in options.workers:
                _print(f"{count} workers", lambda count=count: scale(work, count, options.backlog))  # type: ignore[misc] # bound now
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--customers", type=int, default=0, help="who are there before, 10 lines each"
    )
    parser.add_argument("--seconds", type=int, default=10, help="of each open loop but the burst")
    parser.add_argument("--burst", type=int, default=2000, help="webhooks a second")
    parser.add_argument("--steady", type=int, default=500, help="webhooks a second")
    parser.add_argument("--flow", type=int, action="append", help="events a second, end to end")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4], help="on PostgreSQL")
    parser.add_argument("--backlog", type=int, default=2000, help="events that they work off")
    parser.add_argument("--without-sdk", action="store_true")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "bench-env")
    return parser.parse_args()


def _print(name: str, measure: Any) -> None:
    for row in measure():
        print(json.dumps({"of": name, **row}, ensure_ascii=False), flush=True)


def _of_ours(kind: str, work: Path, options: argparse.Namespace) -> Iterator[Row]:
    folder, port = work / kind, a_row_of_free_ports(1)
    folder.mkdir()
    with ExitStack() as stack:
        url = stack.enter_context(database(kind, folder))
        driver = stack.enter_context(driving("/line/main/webhook"))
        candidate = madoguchi(folder, driver.api_port, port, url)
        if options.customers:
            began = time.monotonic()
            fill(url, options.customers)
            yield {"what": "fill", "s": round(time.monotonic() - began)}
        server = Server(candidate, port, folder / "log")
        stack.callback(server.end)
        yield from _flow_loops(driver, server, options)
        yield _crash(driver, server)
        for row in _door_loops(driver, server, options):
            yield {**row, "kept": _count_kept(url, row["run"])}


def _of_the_sample(work: Path, options: argparse.Namespace) -> Iterator[Row]:
    folder, port = work / "sdk", a_row_of_free_ports(1)
    folder.mkdir()
    with driving("/callback") as driver:
        candidate = candidates(options.cache, folder, driver.api_port, port)[GTHREAD]
        server = Server(candidate, port, folder / "log")
        try:
            yield from _flow_loops(driver, server, options)
            yield from _door_loops(driver, server, options)
        finally:
            server.end()


def _flow_loops(driver: Driver, server: Server, options: argparse.Namespace) -> Iterator[Row]:
    _drive(driver, server, "warm", (20, 10), PATIENCE_S)
    for rate in options.flow or (50, 100, 200):
        yield _drive(driver, server, "flow", (rate, options.seconds), PATIENCE_S)


def _door_loops(driver: Driver, server: Server, options: argparse.Namespace) -> Iterator[Row]:
    yield _drive(driver, server, "steady", (options.steady, options.seconds), 0.0)
    yield _drive(driver, server, "burst", (options.burst, BURST_S), 0.0)


def _drive(
    driver: Driver, server: Server, name: str, pace: tuple[int, int], patience_s: float
) -> Row:
    """One open loop. pace: how many a second, and for how many; patience_s: for the answers."""
    (rate, seconds), run = pace, f"{name[:4]}{pace[0]}"
    spent_s, began = cpu_s(server.watched), time.monotonic()
    found = driver.drive(
        run=run, count=rate * seconds, rate=rate, port=server.port,
        connections=0, patience_s=patience_s,
    )  # fmt: skip
    spent_s, took_s = cpu_s(server.watched) - spent_s, time.monotonic() - began
    pace_of = found["driver"]
    return {
        "what": name,
        "run": run,
        "rate": rate,
        **found,
        "is_of_the_driver": pace_of["busy"] > TOO_BUSY or pace_of["late_ms"] > TOO_LATE_MS,
        "busy": round(spent_s / took_s, 2),
        "cpu_s_per_1000": round(1000 * spent_s / max(1, found["replied"]), 2),
        "rss_mb": round(rss_mb(server.watched)),
    }


def _count_kept(url: str, run: str) -> int:
    """How many events of a run the database has."""
    query = select(func.count()).where(col(Arrival.event_id).startswith(f"01{run}"))
    with closing(open_store(url)) as store:
        return store.read(lambda db: db.exec(query).one())


def _crash(driver: Driver, server: Server) -> Row:
    """kill -9 under way; how long from the start until the first answer leaves again."""
    server.end(signal.SIGKILL)
    began = time.monotonic()
    ready_s = server.start()
    found = driver.drive(
        run="again", count=1, rate=1, port=server.port, connections=0, patience_s=PATIENCE_S
    )
    took_s = time.monotonic() - began
    return {"what": "crash", "ready_s": round(ready_s, 2), "sending_s": round(took_s, 2), **found}


@contextmanager
def driving(path: str) -> Iterator[Driver]:
    """A driver, for as long as the block lasts."""
    driver = Driver(path, 0.0)
    try:
        yield driver
    finally:
        driver.close()


if __name__ == "__main__":
    main()
