"""How long a flow's health takes to read: 25,000 runs with 100,000 stays, on SQLite.

.venv/bin/python -m tests.bench.flow_figures
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert

from storage import flow_figures, flow_talks, flow_versions
from storage.conversations import Scope
from storage.flow_figures import Wanted
from storage.migrate import upgrade
from storage.models.flows import Run, RunStep
from storage.unit import Store, open_store
from tests import given

RUNS, STEPS, TALKS = 25_000, 4, 500
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WANTED = Wanted("welcome", NOW - timedelta(days=30))


def fill(db: Any) -> None:
    """People who each answer some of the questions, over two months."""
    draw = random.Random(1)
    flow_versions.publish(db, [given.a_version("h1")], None, NOW)
    account = given.an_account(db, NOW)
    talks = [given.a_talk(db, account, NOW, f"U{n:032d}") for n in range(TALKS)]
    db.flush()
    runs, steps = [], []
    for number in range(RUNS):
        talk, begun = talks[number % TALKS], NOW - timedelta(minutes=draw.randrange(60 * 24 * 60))
        last = draw.randrange(STEPS)
        end = "done" if last == STEPS - 1 else "timed_out"
        ended = begun + timedelta(seconds=draw.randrange(3600))
        run = {"id": f"{number:x}.1", "conversation_id": talk.id, "customer_id": talk.customer_id}
        state = {"flow_id": "welcome", "hash": "h1", "status": "ended", "state": {}, "version": 1}
        runs.append({**run, **state, "end": end, "started_at": begun, "ended_at": ended})
        steps += [
            {
                "run_id": run["id"], "flow_id": "welcome", "step": f"q{n}", "hash": "h1",
                "account_id": "main", "conversation_id": talk.id, "started_at": begun,
                "at": ended, "seq": 1, "is_called": False, "wrong": draw.randrange(2),
                "fate": "left" if n == last and end == "timed_out" else "on", "end": end,
                "answered": True, "gave_up": False, "timed_out": n == last, "cancelled": False, "unanswered": False,
            }
            for n in range(STEPS)
        ]  # fmt: skip
    db.execute(insert(Run), runs)
    db.execute(insert(RunStep), steps)


def measure(store: Store, name: str, work: Callable[[Any, Scope], Any]) -> None:
    """The median of nine, over all accounts and behind a wall."""
    for scope in (Scope("a"), Scope("a", frozenset({"main"}))):
        taken = []
        for _ in range(9):
            began = time.perf_counter()
            store.read(lambda db, scope=scope: work(db, scope))
            taken.append((time.perf_counter() - began) * 1000)
        wall = "all accounts" if scope.accounts is None else "one account"
        print(f"{name:<28}{wall:<14}{sorted(taken)[4]:7.1f} ms")


def main() -> None:
    """Fill a database and read it."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'health.db'}"
        upgrade(url)
        store = open_store(url)
        store.write(fill)
        measure(store, "runs", lambda db, scope: flow_figures.count_runs(db, scope, WANTED))
        measure(store, "steps", lambda db, scope: flow_figures.count_steps(db, scope, WANTED))
        measure(
            store,
            "a page of talks",
            lambda db, scope: flow_talks.behind_step(db, scope, WANTED, "q1", "left", None),
        )
        store.close()


if __name__ == "__main__":
    main()
