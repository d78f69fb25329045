"""What is too old goes in small steps, however much of it there is."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.worker import Worker
from storage import pruning
from storage.models.work import Arrival, JournalEntry
from storage.pruning import JOURNAL_KEPT
from storage.unit import Store
from tests import given

PAGE = 4


class Rests(Event):
    """Rests that are noted, and not waited for."""

    noted: list[float]

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout or 0.0)
        return False


def a_worker(store: Store, now: datetime, folder: Path, rests: type[Event]) -> Worker:
    nobody = LineClient("http://127.0.0.1:1", "http://127.0.0.1:1")
    return Worker(
        Means(
            store, Accounts(store, given.KEY), FlowSource(store), nobody, MediaFolder(folder),
            spawn=lambda _: None, room=lambda: 1, beside=lambda _: None, clock=lambda: now, waiter=rests,
        )
    )  # fmt: skip


def test_years_of_old_rows_go_page_by_page_with_a_rest_after_each(
    store: Store, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", PAGE)
    monkeypatch.setattr(Rests, "noted", [], raising=False)
    old = now - JOURNAL_KEPT - timedelta(days=1)

    def fill(db: Session) -> None:
        account = given.an_account(db, old)
        for number in range(2 * PAGE):
            given.a_message(db, account, "古い話", old, number)

    store.write(fill)
    before, sizes = count(store), []
    worker = a_worker(store, now, tmp_path, Rests)

    while worker.prune_once():
        sizes.append(before - (before := count(store)))

    assert (count(store), max(sizes)) == (0, PAGE)
    assert len(Rests.noted) == len(sizes) >= 4
    assert min(Rests.noted) > 0
    assert worker.prune_once() is False, "not again within the hour"


def count(store: Store) -> int:
    tables = (Arrival, JournalEntry)
    return store.read(
        lambda db: sum(db.scalar(select(func.count()).select_from(one)) or 0 for one in tables)
    )
