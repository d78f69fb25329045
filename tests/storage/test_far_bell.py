"""What another process commits rings here too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from storage.arrivals import keep
from storage.bell import ARRIVALS, EVERYTHING, JOURNAL, Bell
from storage.customers import blocked, find_or_create_friend
from storage.far_bell import FarBell, open_far_bell
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


def test_who_unsubscribes_hears_nothing_more() -> None:
    bell, rung = Bell(), []
    unsubscribe = bell.subscribe(rung.append)
    bell.ring({JOURNAL})
    bell.ring(())
    unsubscribe()
    bell.ring({ARRIVALS})

    assert rung == [frozenset({JOURNAL})]
