"""What LINE says of the month: asked in time, once, and told with its moment."""

from datetime import datetime, timedelta
from itertools import pairwise

from storage import journal, quota
from storage.quota import Told
from storage.unit import Store
from tests import given

MINUTE = timedelta(minutes=1)


def due(store: Store, now: datetime) -> list[str]:
    return [
        id_
        for id_ in store.read(lambda db: quota.find_due(db, now))
        if store.write(lambda db, id_=id_: quota.claim(db, id_, now))
    ]


def test_each_account_is_asked_every_15_minutes_and_its_answer_told(
    store: Store, now: datetime
) -> None:
    store.write(lambda db: given.an_account(db, now))
    assert store.read(lambda db: quota.quota_rows(db, ["main"]))[0]["kind"] is None
    assert due(store, now) == ["main"]
    assert not store.write(lambda db: quota.claim(db, "main", now))  # another worker

    store.write(lambda db: quota.record(db, "main", Told(5000, 3766), now))

    (row,) = store.read(lambda db: quota.quota_rows(db, ["main"]))
    assert (row["kind"], row["left"], row["read_at"]) == (
        "limited", 1234, "2026-11-21T01:00:00.000Z",
    )  # fmt: skip
    (entry,) = store.read(lambda db: journal.tail(db, "main", 0)).entries
    assert (entry.kind, entry.payload["quota"]) == ("account.quota", row)
    assert due(store, now + 14 * MINUTE) == []
    assert due(store, now + 15 * MINUTE) == ["main"]


def test_a_plan_without_limit_and_one_that_is_used_up(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    due(store, now)

    store.write(lambda db: quota.record(db, "main", Told(None, 12), now))
    assert store.read(lambda db: quota.quota_rows(db, ["main"]))[0]["kind"] == "none"
    store.write(lambda db: quota.record(db, "main", Told(200, 203), now))

    assert store.read(lambda db: quota.quota_rows(db, ["main"]))[0]["left"] == 0


def test_no_answer_waits_longer_each_time(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))

    asked = [at for at in (now + MINUTE / 2 * n for n in range(60)) if due(store, at)]
    waits = [b - a for a, b in pairwise(asked)]
    assert waits[:4] == [MINUTE / 2, MINUTE, 2 * MINUTE, 4 * MINUTE]


def test_a_month_that_is_used_up_is_asked_about_soon_but_not_at_each_message(
    store: Store, now: datetime
) -> None:
    store.write(lambda db: given.an_account(db, now))
    store.write(lambda db: quota.ask_soon(db, "main", now))  # never asked: it is due anyway
    due(store, now)
    store.write(lambda db: quota.record(db, "main", Told(200, 10), now))

    store.write(lambda db: quota.ask_soon(db, "main", now + MINUTE / 2))
    assert due(store, now + MINUTE / 2) == []
    store.write(lambda db: quota.ask_soon(db, "main", now + 2 * MINUTE))
    assert due(store, now + 2 * MINUTE) == ["main"]
