"""What another process commits rings here too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import far_bell
from storage.arrivals import keep
from storage.bell import ARRIVALS, EVERYTHING, JOURNAL, Bell
from storage.customers import blocked, find_or_create_friend
from storage.far_bell import FarBell, open_far_bell
from storage.journal import ring_later
from storage.measures import REGISTRY
from storage.unit import Store, open_store
from tests import given

WAIT_S = 10.0


def heard(far: FarBell, wanted: str) -> bool:
    """Whether a topic rings before the time is over; others may ring before it."""
    for _ in range(20):
        topics = far.wait(WAIT_S)
        if wanted in topics or not topics:
            return wanted in topics
    return False


def test_a_commit_of_another_process_rings_here(
    database_url: str, store: Store, now: datetime
) -> None:
    other = open_store(database_url)
    far = open_far_bell(database_url, store.name)
    assert far.wait(0.01) == frozenset()

    account = other.write(lambda db: given.an_account(db, now))
    other.write(lambda db: keep(db, account, [given.a_text_event("こんにちは")], now))

    assert heard(far, ARRIVALS)
    other.write(
        lambda db: blocked(db, find_or_create_friend(db, account, given.USER, now), now, now)
    )
    assert heard(far, JOURNAL)
    far.close()
    other.close()


def test_our_own_commits_do_not_ring_twice(database_url: str, store: Store, now: datetime) -> None:
    far = open_far_bell(database_url, store.name)
    account = store.write(lambda db: given.an_account(db, now))
    store.write(lambda db: keep(db, account, [given.a_text_event("こんにちは")], now))

    topics = far.wait(0.5)

    # SQLite cannot tell who committed; PostgreSQL can.
    assert topics == (EVERYTHING if store.dialect == "sqlite" else frozenset())
    far.close()


def test_what_piles_up_goes_out_and_nothing_is_forgotten(
    database_url: str, store: Store, now: datetime
) -> None:
    other = open_store(database_url)
    far = open_far_bell(database_url, store.name)
    account = other.write(lambda db: given.an_account(db, now))
    start = Barrier(6)

    def write(number: int) -> None:
        start.wait()
        event = given.a_text_event("話", number)
        other.write(lambda db: keep(db, account, [event], now))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))

    assert heard(far, ARRIVALS)
    far.close()
    other.close()


def rings_everything(far: FarBell) -> bool:
    """Whether it does, once it has found out that it was deaf."""
    return any(far.wait(0.05) == EVERYTHING for _ in range(200))


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """Only there can a listener become deaf: SQLite is looked at."""
    with closing(open_store(postgres_url)) as opened:
        yield opened


def test_a_listener_whose_connection_is_killed_says_so_and_rings_everything_when_it_is_back(
    postgres_url: str, postgres_store: Store, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    far = open_far_bell(postgres_url, postgres_store.name)
    before = REGISTRY.get_sample_value("madoguchi_bell_deaf_total") or 0.0
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query = 'LISTEN madoguchi' AND datname = current_database()"
    )
    assert postgres_store.write(lambda db: db.scalar(kill))

    assert rings_everything(far), "what was missed meanwhile cannot be known"
    assert "are not heard" in caplog.text
    assert REGISTRY.get_sample_value("madoguchi_bell_deaf_total") == before + 1
    with closing(open_store(postgres_url)) as other:
        other.write(lambda db: ring_later(db, ARRIVALS))
        assert heard(far, ARRIVALS)
    far.close()


def test_a_listener_that_hears_nothing_any_more_finds_out_by_ringing_for_itself(
    postgres_url: str, postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_bell, "PROVED_EVERY_S", 0.0)
    far = open_far_bell(postgres_url, postgres_store.name)
    assert {far.wait(2) for _ in range(3)} == {frozenset()}, "it hears itself, which is no news"

    far._run("UNLISTEN madoguchi")  # as behind a pooler that gives the connection away

    assert rings_everything(far)
    monkeypatch.undo()
    with closing(open_store(postgres_url)) as other:
        other.write(lambda db: ring_later(db, ARRIVALS))
        assert heard(far, ARRIVALS)
    far.close()


def test_whoever_tells_on_a_connection_that_died_at_rest_tells_it_on_another(
    postgres_url: str, postgres_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    kill = text(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
        "WHERE query LIKE 'SELECT pg_notify(%' AND datname = current_database()"
    )
    with closing(open_store(postgres_url)) as other:
        far = open_far_bell(postgres_url, postgres_store.name)
        other.write(lambda db: ring_later(db, JOURNAL))
        assert heard(far, JOURNAL)
        assert postgres_store.write(lambda db: db.scalar(kill)) == 1

        other.write(lambda db: ring_later(db, ARRIVALS))

        assert far.wait(WAIT_S) == {ARRIVALS}
        assert "were not told" not in caplog.text
        far.close()


def test_a_commit_that_others_cannot_be_told_of_is_a_commit(
    postgres_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object) -> None:
        raise OperationalError("NOTIFY", {}, Exception())

    monkeypatch.setattr(far_bell.Teller, "_send", refuse)

    account = postgres_store.write(lambda db: given.an_account(db, now))
    event = given.a_text_event("こんにちは")

    assert postgres_store.write(lambda db: keep(db, account, [event], now)) == 1


def test_who_unsubscribes_hears_nothing_more() -> None:
    bell, rung = Bell(), []
    unsubscribe = bell.subscribe(rung.append)
    bell.ring({JOURNAL})
    bell.ring(())
    unsubscribe()
    bell.ring({ARRIVALS})

    assert rung == [frozenset({JOURNAL})]
