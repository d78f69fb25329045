"""One verb, one transaction, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from storage import journal
from storage.accounts import NewAccount, add_account, get_account
from storage.refusals import NotFound
from storage.unit import Store

KEY = b"k" * 32


def an_account(store: Store, now: datetime, account_id: str = "main") -> None:
    new = NewAccount(account_id, "見本のお店", "provider", "secret", "token")
    store.write(lambda db: add_account(db, KEY, new, now))


def test_what_a_unit_raises_undoes_it_and_nothing_else(store: Store, now: datetime) -> None:
    an_account(store, now)

    def rename_and_fail(db) -> None:
        get_account(db, "main").name = "別の名前"
        db.flush()
        raise ValueError("a unit that fails")

    with pytest.raises(ValueError, match="a unit that fails"):
        store.write(rename_and_fail)

    assert store.read(lambda db: get_account(db, "main").name) == "見本のお店"
    with pytest.raises(NotFound):
        store.read(lambda db: get_account(db, "other"))


def test_journal_ids_rise_by_one_whoever_writes(store: Store, now: datetime) -> None:
    an_account(store, now)
    an_account(store, now, "second")

    def note(number: int) -> None:
        def work(db) -> None:
            for account_id in ("main", "second")[:: 1 if number % 2 else -1]:
                entry = journal.Entry(account_id, "n", {"n": number}, journal.SYSTEM, now)
                journal.record(db, entry)

        store.write(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(200)))

    for account_id in ("main", "second"):
        tail = store.read(lambda db, a=account_id: journal.tail(db, a, 0))
        assert [entry.id for entry in tail.entries] == list(range(1, 201))
        assert {entry.payload["n"] for entry in tail.entries} == set(range(200))
        assert tail.head == 200
