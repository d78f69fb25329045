"""The lists of the server and of the console are one rule: the same talks, in the same order.

Random talks, random filters and orders: the server's pages on both databases are held against one
file, and `console/web/tests/lists.test.ts` holds the console's rule against the same file. When the
file is missing it is written anew, and the test fails so that somebody looks at it.
"""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlmodel import Session

from console.list_bodies import ListQuery
from storage import rows
from storage.conversations import count_conversations, list_conversations
from storage.lifecycle import STATUSES
from storage.models.operators import Operator
from storage.models.people import Customer, CustomerTag, Friend, Tag
from storage.models.talks import Conversation
from storage.talk_filters import VIEWS, Scope
from storage.talk_order import ORDERS
from storage.unit import Store
from tests import given

FILE = Path(__file__).parents[2] / "console" / "web" / "tests" / "fixtures" / "lists" / "lists.json"
TALKS, CASES, PAGE = 120, 160, 7
ACCOUNTS, QUEUES = ("main", "second"), (None, "受付", "予約")
TAGS, PEOPLE = ("VIP", "新規", "常連"), ("me-id", "other-id", None)


def fill(db: Session, now: datetime) -> None:
    """Talks of every kind, with moments that are often the same."""
    draw = random.Random(5)  # noqa: S311 # the same talks each time
    for account in ACCOUNTS:
        given.an_account(db, now, account, provider=account)
    for person in filter(None, PEOPLE):
        db.add(
            Operator(
                id=person, email=f"{person}@example.com", name=f"見本 {person}", role="operator",
                password_hash="", created_at=now,
            )
        )  # fmt: skip
    db.execute(insert(Tag), [{"id": n, "name": tag} for n, tag in enumerate(TAGS, 1)])
    talks = [_talk(draw, number, now) for number in range(TALKS)]
    people = [
        {"id": t["customer_id"], "created_at": now, "updated_at": now, "version": 1} for t in talks
    ]
    db.execute(insert(Customer), people)
    db.execute(insert(Friend), [_friend(t) for t in talks])
    db.flush()
    db.execute(insert(Conversation), talks)
    marks = [
        {"customer_id": t["customer_id"], "tag_id": n, "reason": {}, "at": now}
        for t in talks
        for n in (1, 2, 3)
        if draw.random() < 0.25
    ]
    db.execute(insert(CustomerTag), marks)


def _talk(draw: random.Random, number: int, now: datetime) -> dict[str, Any]:
    def moment() -> datetime:
        return now - timedelta(minutes=draw.randrange(90))

    said_at = moment() if draw.random() < 0.9 else None
    shown = {
        "seq": 1,
        "sender": "customer",
        "kind": "text",
        "text": None,
        "at": rows.moment(said_at),
    }
    return {
        "id": f"c{draw.randrange(10**6):06}{number:03}", "account_id": draw.choice(ACCOUNTS),
        "friend_id": f"f{number:03}", "customer_id": f"p{number:03}",
        "status": draw.choice(STATUSES), "assignee_id": draw.choice(PEOPLE),
        "queue": draw.choice(QUEUES), "epoch": 0, "last_seq": 1,
        "unseen_count": draw.choice((0, 0, 1, 3)),
        "waiting_since": moment() if draw.random() < 0.5 else None,
        "last_message": shown if said_at else None, "last_message_at": said_at,
        "created_at": now, "updated_at": moment(), "version": 1,
    }  # fmt: skip


def _friend(talk: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": talk["friend_id"], "account_id": talk["account_id"], "line_user_id": talk["id"],
        "customer_id": talk["customer_id"], "is_blocked": False, "profile_tries": 0,
    }  # fmt: skip


def queries() -> list[ListQuery]:
    """Every view in every order, and many conditions at random."""
    draw = random.Random(11)  # noqa: S311 # the same
    plain = [ListQuery(view=view, sort=sort) for view in VIEWS for sort in ORDERS]
    return plain + [_query(draw) for _ in range(CASES - len(plain))]


def _query(draw: random.Random) -> ListQuery:
    def some(values: tuple[Any, ...], chance: float) -> list[Any]:
        return [v for v in values if draw.random() < 0.4] if draw.random() < chance else []

    def maybe(values: tuple[Any, ...], chance: float) -> Any:
        return draw.choice(values) if draw.random() < chance else None

    return ListQuery(
        view=draw.choice(("all", "all", *VIEWS)),
        account=maybe(ACCOUNTS, 0.2),
        queue=maybe(QUEUES, 0.2),
        tag=some(TAGS, 0.3),
        status=some(STATUSES, 0.3),
        assignee=some(("me", "none", "other-id", "me-id"), 0.3),
        waited=maybe((1, 30, 60), 0.25),
        unseen=draw.random() < 0.2,
        unanswered=draw.random() < 0.2,
        sort=draw.choice(ORDERS),
    )


def listed(db: Session, query: ListQuery, now: datetime) -> list[str]:
    """The whole list, page by page."""
    scope, wanted = Scope("me-id"), query.as_filter(now)
    ids: list[str] = []
    cursor = None
    while True:
        page, cursor = list_conversations(db, scope, wanted, cursor, PAGE, query.sort)
        ids += [talk.id for talk in page]
        if cursor is None:
            assert count_conversations(db, scope, wanted, 1000) == len(ids)
            return ids


def test_the_server_lists_what_the_consoles_rule_lists(store: Store, now: datetime) -> None:
    store.write(lambda db: fill(db, now))

    def read(db: Session) -> dict[str, Any]:
        talks = db.scalars(select(Conversation).order_by(Conversation.id)).all()
        cases = [{"filter": q.model_dump(), "ids": listed(db, q, now)} for q in queries()]
        shown = rows.conversation_rows(db, talks)
        for row in shown:
            row["tags"].sort()
        return {"me": "me-id", "now": rows.moment(now), "rows": shown, "cases": cases}

    told = _told(store.read(read))

    if not FILE.exists():
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(told)
        pytest.fail(f"{FILE.name} was written anew: look at it, and keep it")
    assert FILE.read_text() == told


def _told(tree: dict[str, Any]) -> str:
    """One line for each row and each case."""

    def lines(items: list[Any]) -> str:
        return ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in items)

    head = f'{{"me": "{tree["me"]}", "now": "{tree["now"]}", "rows": [\n'
    return f'{head}{lines(tree["rows"])}\n], "cases": [\n{lines(tree["cases"])}\n]}}\n'


def test_the_file_tries_every_view_order_and_condition() -> None:
    cases = json.loads(FILE.read_text())["cases"]

    found = [case for case in cases if case["ids"]]
    assert len(found) > CASES / 2
    assert {case["filter"]["view"] for case in found} == set(VIEWS)
    assert {case["filter"]["sort"] for case in found} == set(ORDERS)
    for name in ("account", "queue", "tag", "status", "assignee", "waited", "unseen", "unanswered"):
        assert any(case["filter"][name] for case in found), name
