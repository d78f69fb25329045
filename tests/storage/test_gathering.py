"""What gathers is written together and answered apart, on both databases, whoever fails in it."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from storage import gathering
from storage.arrivals import Received, keep_all
from storage.bell import ARRIVALS
from storage.gathering import Gatherer
from storage.models.columns import new_id
from storage.models.people import Account
from storage.models.work import Arrival
from storage.unit import Store, open_store
from tests import given

NOBODY = Account(id="nobody", provider="見本")


@dataclass
class Counting:
    """Keeps webhooks as the door does; its units can be held at their beginning, and are noted."""

    store: Store
    units: list[int] = field(default_factory=list)
    is_held: Event = field(default_factory=Event)
    may_go_on: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.gatherer = Gatherer(self.store, self.keep, [ARRIVALS])

    def keep(self, db: Session, webhooks: Sequence[Received]) -> None:
        self.units.append(len(webhooks))
        self.is_held.set()
        self.may_go_on.wait(10)
        keep_all(db, webhooks)

    def write_together(self, first: Received, others: Sequence[Received]) -> list[Future[None]]:
        """The others come while the first is being written, and gather."""
        self.is_held.clear()
        self.may_go_on.clear()
        with ThreadPoolExecutor(1 + len(others)) as pool:
            ends = [pool.submit(self.gatherer.write, first)]
            assert self.is_held.wait(10)
            for number, other in enumerate(others, start=1):
                ends.append(pool.submit(self.gatherer.write, other))
                while len(self.gathered()) < number:  # so that they stand in their order
                    Event().wait(0.0005)
            self.may_go_on.set()
        return ends

    def gathered(self) -> list[Received]:
        found = self.gatherer._open
        return found.given if found is not None else []


def webhook(account: Account, now: datetime, *numbers: int) -> Received:
    return Received(account, [given.a_text_event("見本", number) for number in numbers], now)


def kept(store: Store) -> list[str]:
    query = select(Arrival.event_id).order_by(Arrival.id)
    return [found[-3:].lstrip("0") for found in store.read(lambda db: db.exec(query).all())]


def said(ends: Sequence[Future[None]]) -> list[bool]:
    """Whether each was acknowledged."""
    return [one.exception() is None for one in ends]


REQUEST = st.tuples(st.booleans(), st.lists(st.integers(1, 9), min_size=1, max_size=3))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(rounds=st.lists(st.lists(REQUEST, max_size=6), min_size=1, max_size=3))
def test_what_was_acknowledged_is_there_once_and_what_was_refused_is_not(
    store: Store, now: datetime, rounds: list[list[tuple[bool, list[int]]]]
) -> None:
    """Whatever comes together, in whatever order, and whoever of it cannot be written."""
    account, counting, base = _account(store, now), Counting(store), new_id()

    def asked(number: int, *, fails: bool, ids: list[int]) -> Received:
        texts = [given.a_text_event("見本", n, webhookEventId=f"{base}{n}") for n in ids]
        alone = given.a_text_event("見本", 0, webhookEventId=f"{base}-{number}")
        return Received(NOBODY if fails else account, [alone, *texts], now)

    acked: list[str] = []
    refused: list[str] = []
    for turn, requests in enumerate(rounds):
        first = asked(100 * turn, fails=False, ids=[])
        others = [
            asked(100 * turn + n, fails=fails, ids=ids)
            for n, (fails, ids) in enumerate(requests, start=1)
        ]
        ends = said(counting.write_together(first, others))
        assert ends == [True, *(not fails for fails, _ in requests)]
        for is_acked, one in zip(ends, [first, *others], strict=True):
            ids = [event["webhookEventId"] for event in one.events]
            acked.extend(ids) if is_acked else refused.append(ids[0])

    query = select(Arrival.event_id).where(Arrival.event_id.startswith(base))
    there = Counter(store.read(lambda db: db.exec(query).all()))
    assert there == dict.fromkeys(acked, 1)
    assert not there.keys() & set(refused)


def test_they_share_a_unit_keep_their_order_and_ring_for_each(store: Store, now: datetime) -> None:
    account, counting = _account(store, now), Counting(store)
    rung: list[frozenset[str]] = []
    store.bell.subscribe(rung.append)

    ends = counting.write_together(
        webhook(account, now, 9), [webhook(account, now, n, 20 + n) for n in (4, 2, 7, 1)]
    )

    assert said(ends) == [True] * 5
    assert counting.units == [1, 4]
    assert kept(store) == ["9", "4", "24", "2", "22", "7", "27", "1", "21"]
    assert rung == [frozenset({ARRIVALS})] * 5


def test_one_that_fails_is_refused_alone_and_its_fellows_are_tried_again(
    store: Store, now: datetime
) -> None:
    account, counting = _account(store, now), Counting(store)
    bad = Received(NOBODY, [given.a_text_event("見本", 5)], now)

    ends = counting.write_together(
        webhook(account, now, 1), [webhook(account, now, 2), bad, webhook(account, now, 3)]
    )
    assert said(ends) == [True, True, False, True]
    assert sorted(kept(store)) == ["1", "2", "3"]
    assert counting.units == [1, 3, 1, 1, 1]

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        counting.gatherer.write(bad)
    assert counting.units[5:] == [1], "who was alone is not tried twice"


def test_when_whoever_writes_is_told_to_stop_the_others_are_kept(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, counting = _account(store, now), Counting(store)
    stops = [KeyboardInterrupt()]
    write_first = store.write_first

    def write(work: Any) -> Any:
        if counting.units == [1] and stops:
            raise stops.pop()
        return write_first(work)

    monkeypatch.setattr(store, "write_first", write)
    ends = counting.write_together(
        webhook(account, now, 1), [webhook(account, now, n) for n in (2, 3, 4)]
    )

    assert said(ends) == [True, False, True, True]
    assert sorted(kept(store)) == ["1", "3", "4"]
    with suppress(KeyboardInterrupt):
        ends[1].result()


def test_no_unit_grows_without_end(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, counting = _account(store, now), Counting(store)
    monkeypatch.setattr(gathering, "MOST_TOGETHER", 2)
    counting.may_go_on.set()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: counting.gatherer.write(webhook(account, now, n)), range(1, 41)))

    assert sum(counting.units) == 40
    assert max(counting.units) <= 2
    assert len(kept(store)) == 40


def test_whoever_waits_for_a_process_that_stands_still_keeps_nobody_else_waiting(
    postgres_url: str, now: datetime
) -> None:
    """LINE sends again what that process had begun to keep, to one that goes on."""
    stands, may_go_on = Event(), Event()
    with closing(open_store(postgres_url)) as frozen, closing(open_store(postgres_url)) as store:
        account = _account(store, now)
        gatherer = Gatherer(store, keep_all, [ARRIVALS])

        def stand_still(db: Session) -> None:
            keep_all(db, [webhook(account, now, 1)])
            stands.set()
            may_go_on.wait(60)

        with ThreadPoolExecutor(3) as pool:
            standing = pool.submit(frozen.write, stand_still)
            assert stands.wait(10)
            again = pool.submit(gatherer.write, webhook(account, now, 1))
            while not again.done() and not store.read(_waits_for_a_lock):
                Event().wait(0.005)
            other = pool.submit(gatherer.write, webhook(account, now, 2))
            try:
                other.result(20)
                assert not standing.done()
            finally:
                may_go_on.set()

        assert said([standing, other]) == [True, True]
        assert again.exception() is None or "lock timeout" in str(again.exception())
        gatherer.write(webhook(account, now, 1))
        assert sorted(kept(store)) == ["1", "2"]


def _waits_for_a_lock(db: Session) -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
    return db.scalar(text(f"{waiting} current_database()")) is not None


def _account(store: Store, now: datetime) -> Account:
    def work(db: Session) -> Account:
        return db.get(Account, "main") or given.an_account(db, now)

    return store.write(work)
