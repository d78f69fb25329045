"""How long the inbox's lists take among 100,000 conversations: each filter, in each order.

.venv/bin/python -m tests.bench.inbox [--talks 100000] [--database sqlite|postgresql]…
"""

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from storage.conversations import count_conversations, count_views, list_conversations
from storage.migrate import upgrade
from storage.models.people import Customer, CustomerTag, Friend, Tag
from storage.models.talks import Conversation
from storage.rows import moment
from storage.talk_filters import ME, NOBODY, Filter, Scope
from storage.talk_order import ORDERS
from storage.unit import Store, open_store
from tests import given
from tests.bench.search import database

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SHARES = {"done": 80, "bot": 12, "waiting": 3, "active": 2, "pending": 2, "snoozed": 1}
TAGS = {"見本VIP": 200, "見本新規": 10, "見本常連": 4}  # one customer of so many
CHUNK, ROUNDS, PAGE, BUDGET_MS = 5_000, 15, 50, 100.0


def fill(store: Store, count: int) -> str:
    """Talks of many people; the id of an operator who holds some of them."""
    draw = random.Random(7)

    def begin(db: Session) -> list[str]:
        for account in ("main", "second"):
            given.an_account(db, NOW, account, provider=account)
        db.execute(insert(Tag), [{"id": n, "name": tag} for n, tag in enumerate(TAGS, 1)])
        return [given.an_operator(db, NOW, f"見本{n}").id for n in range(8)]

    operators = store.write(begin)
    for first in range(0, count, CHUNK):
        numbers = range(first, min(count, first + CHUNK))
        store.write(lambda db, numbers=numbers: _fill_some(db, draw, numbers, operators))
    return operators[0]


def _fill_some(db: Session, draw: random.Random, numbers: range, operators: list[str]) -> None:
    people = [{"id": f"p{n:07}", "created_at": NOW, "updated_at": NOW} for n in numbers]
    db.execute(insert(Customer), [{**p, "version": 1} for p in people])
    talks = [_talk(draw, n, operators) for n in numbers]
    db.execute(
        insert(Friend),
        [
            {
                "id": t["friend_id"], "account_id": t["account_id"], "line_user_id": t["id"],
                "customer_id": t["customer_id"], "is_blocked": False, "profile_tries": 0,
            }
            for t in talks
        ],
    )  # fmt: skip
    db.execute(insert(Conversation), talks)
    tags = [
        {"customer_id": f"p{n:07}", "tag_id": number, "reason": {}, "at": NOW}
        for n in numbers
        for number, one_of in enumerate(TAGS.values(), 1)
        if draw.randrange(one_of) == 0
    ]
    db.execute(insert(CustomerTag), tags)


def _talk(draw: random.Random, number: int, operators: list[str]) -> dict[str, Any]:
    status = draw.choices(list(SHARES), list(SHARES.values()))[0]
    said_at = NOW - timedelta(seconds=draw.randrange(30_000_000))
    waits = status == "waiting" or (status == "active" and draw.random() < 0.5)
    has_person = status in {"active", "pending", "snoozed", "done"}
    return {
        "id": f"c{number:025}", "account_id": draw.choice(["main", "main", "second"]),
        "friend_id": f"f{number:07}", "customer_id": f"p{number:07}", "status": status,
        "assignee_id": draw.choice(operators) if has_person else None,
        "queue": draw.choice(["受付", "予約"]) if status not in {"bot", "done"} else None,
        "epoch": 1, "last_seq": 3, "unseen_count": int(draw.random() < 0.03),
        "waiting_since": NOW - timedelta(seconds=draw.randrange(90_000)) if waits else None,
        "last_message": {
            "seq": 3, "sender": "customer", "kind": "text", "at": moment(said_at),
            "text": "見本の文です。" * draw.randrange(1, 12),
        },
        "last_message_at": said_at, "created_at": said_at, "updated_at": said_at, "version": 3,
    }  # fmt: skip


FILTERS: dict[str, Filter] = {
    "要対応": Filter("waiting"),
    "自分が担当": Filter("mine"),
    "担当なし": Filter("unassigned"),
    "ボット対応中": Filter("bot"),
    "対応済み": Filter("done"),
    "すべて": Filter(),
    "account": Filter(account="second"),
    "queue": Filter(queue="予約"),
    "a rare tag": Filter(tags=frozenset({"見本VIP"})),
    "a frequent tag": Filter(tags=frozenset({"見本常連"})),
    "two tags": Filter(tags=frozenset({"見本VIP", "見本新規"})),
    "two statuses": Filter(statuses=frozenset({"active", "pending"})),
    "done, of me": Filter("done", assignees=frozenset({ME})),
    "me or nobody": Filter(assignees=frozenset({ME, NOBODY})),
    "over 30 minutes": Filter(waiting_before=NOW - timedelta(minutes=30)),
    "unseen": Filter(is_unseen=True),
    "unseen, done": Filter("done", is_unseen=True),
    "unanswered": Filter(is_unanswered=True),
    "many at once": Filter(
        account="main",
        tags=frozenset({"見本常連"}),
        statuses=frozenset({"waiting", "active", "done"}),
        assignees=frozenset({ME, NOBODY}),
        is_unseen=True,
    ),
    "nothing": Filter("done", queue="予約", is_unanswered=True),
}


def measure(store: Store, scope: Scope) -> float:
    """Each filter in each order: the first page and one further on. The slowest of all."""
    slowest = 0.0
    print(
        f"{'filter':<16}" + "".join(f"{sort + ', next page':>26}" for sort in ORDERS) + "   count"
    )
    for name, wanted in FILTERS.items():
        line = f"{name:<16}"
        for sort in ORDERS:
            first, cursor = _timed(store, scope, wanted, sort, None)
            further, _ = _timed(store, scope, wanted, sort, cursor) if cursor else (0.0, None)
            line += f"{first:15.1f}{further:8.1f} ms"
            slowest = max(slowest, first, further)
        began = time.perf_counter()
        count = store.read(lambda db, w=wanted: count_conversations(db, scope, w, 1000))
        print(f"{line}{count:8}{(time.perf_counter() - began) * 1000:7.1f} ms")
    began = time.perf_counter()
    store.read(lambda db: count_views(db, scope, None))
    print(f"the counts of all views: {(time.perf_counter() - began) * 1000:.1f} ms")
    return slowest


def _timed(
    store: Store, scope: Scope, wanted: Filter, sort: Any, cursor: str | None
) -> tuple[float, str | None]:
    taken: list[float] = []
    following = None
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _, following = store.read(
            lambda db: list_conversations(db, scope, wanted, cursor, PAGE, sort)
        )
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[ROUNDS // 2], following


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=100_000)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for kind in asked.database or ["sqlite", "postgresql"]:
        with database(kind) as url:
            upgrade(url)
            store = open_store(url)
            me = fill(store, asked.talks)
            if kind == "postgresql":
                store.write(lambda db: db.execute(text("ANALYZE")))
            print(f"\n{kind}, {asked.talks:,} conversations")
            slowest = measure(store, Scope(me))
            verdict = "within" if slowest <= BUDGET_MS else "over"
            print(f"the slowest: {slowest:.1f} ms, {verdict} the budget of {BUDGET_MS:.0f} ms")
            store.close()


if __name__ == "__main__":
    main()
