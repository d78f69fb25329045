"""What one unit and one statement cost this process on PostgreSQL, under gevent as it is served.

    .venv/bin/python -m tests.bench.round_trip

Prints microseconds of processor time, the least of several rounds, and asserts nothing: on a machine
that others use, compare the rows of one run with each other. psycopg's own way to wait is measured
beside ours.
"""

# ruff: noqa: E402 # gevent patches before anything else is imported

from gevent import monkey

monkey.patch_all()

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg import waiting
from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session

from console.cli import postgres_wait
from storage.journal import ring_later
from storage.prepared import Prepared
from storage.unit import Store, open_store

sys.path.insert(0, str(Path(__file__).parent))  # the driver runs as a script, and so do we

from databases import database

ROUNDS, TIMES = 5, 500
LOOK = Prepared(select(bindparam("n", type_=Integer)))


def main() -> None:
    with TemporaryDirectory() as folder, database("postgresql", Path(folder)) as url:
        theirs = waiting.wait
        for name, wait in (("psycopg's wait", theirs), ("ours", postgres_wait.wait)):
            waiting.wait = wait  # type: ignore[assignment] # one of the two
            store = open_store(url)
            print(f"{name}:")
            measure(store)
            store.close()


def measure(store: Store) -> None:
    """A line for each kind of unit."""

    def rung(db: Session) -> None:
        ring_later(db, "arrivals")
        look(1)(db)

    kinds: dict[str, Callable[[], object]] = {
        "a look of one statement": lambda: store.read(look(1)),
        "a unit of one statement": lambda: store.write(look(1)),
        "a unit of six": lambda: store.write(look(6)),
        "a unit of one that rings": lambda: store.write(rung),
    }
    for name, work in kinds.items():
        print(f"  {name:26} {1e6 * min(cpu_s(work) for _ in range(ROUNDS)) / TIMES:6.0f} µs")


def look(times: int) -> Callable[[Session], None]:
    """A unit's work: so many small statements."""

    def work(db: Session) -> None:
        for n in range(times):
            LOOK.one(db, {"n": n})

    return work


def cpu_s(work: Callable[[], object]) -> float:
    """Of this process, for so many times."""
    start = time.process_time()
    for _ in range(TIMES):
        work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
