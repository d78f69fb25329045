"""The moments at which the clock starts flows, kept for all customers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage import customers, schedules, timers
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.models.work import Arrival, Timer
from storage.schedules import NEVER, Schedule
from storage.unit import Store
from tests import given

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAILY = Schedule("morning", 0, "毎日")


def tomorrow(_: Schedule) -> datetime | None:
    return NOW + timedelta(days=1)


def never(_: Schedule) -> datetime | None:
    return None


def told(db: Session) -> list[tuple[str | None, dict[str, object]]]:
    arrivals = db.exec(select(Arrival).where(col(Arrival.kind) == "scheduled")).all()
    return [(arrival.conversation_id, arrival.raw) for arrival in arrivals]


def moments(store: Store) -> list[tuple[str, datetime]]:
    query = select(Timer).order_by(col(Timer.key))
    return store.read(lambda db: [(t.key, t.due_at) for t in db.exec(query).all()])


def talks(store: Store, number: int) -> list[str]:
    def work(db: Session) -> list[str]:
        account = given.an_account(db, NOW)
        return [given.a_talk(db, account, NOW, f"U{n:032x}").id for n in range(number)]

    return store.write(work)


def test_a_known_schedule_keeps_its_moment_and_what_is_no_schedule_any_more_is_forgotten(
    store: Store,
) -> None:
    weekly = Schedule("sale", 1, "毎週", ("main",))
    store.write(lambda db: schedules.plan(db, [DAILY, weekly], tomorrow))
    assert moments(store) == [("morning:0", tomorrow(DAILY)), ("sale:1", tomorrow(weekly))]

    store.write(lambda db: schedules.plan(db, [DAILY], never))
    assert moments(store) == [("morning:0", tomorrow(DAILY))]

    other = Schedule("morning", 0, "毎月")
    store.write(lambda db: schedules.plan(db, [other], never))
    assert moments(store) == [("morning:0", NEVER)]


def test_everybody_is_told_once_in_their_own_queue_some_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "AT_ONCE", 3)
    everybody = talks(store, 5)
    store.write(lambda db: schedules.plan(db, [DAILY], tomorrow))
    assert store.write(lambda db: schedules.fire(db, NOW, tomorrow)) == 0

    later = NOW + timedelta(days=1, hours=5)
    following = later + timedelta(days=1)
    assert store.write(lambda db: timers.fire_due(db, later)) == 0  # it is of no talk
    counts = [
        store.write(lambda db: schedules.fire(db, later, lambda _: following)) for _ in range(3)
    ]

    assert counts == [3, 2, 0]
    found = store.read(told)
    assert sorted(talk or "" for talk, _ in found) == sorted(everybody)
    assert found[0][1] == {"flow": "morning", "number": 0}
    assert moments(store) == [("morning:0", following)]


def test_nobody_to_tell_is_no_reason_to_look_again_and_again(store: Store) -> None:
    store.write(lambda db: schedules.plan(db, [DAILY], tomorrow))
    later = NOW + timedelta(days=1)

    assert store.write(lambda db: schedules.fire(db, later, never)) == 1
    assert store.write(lambda db: schedules.fire(db, later, never)) == 0
    assert moments(store) == [("morning:0", NEVER)]


def test_a_customer_of_two_accounts_is_told_where_they_can_be_reached(store: Store) -> None:
    def furnish(db: Session) -> dict[str, str]:
        found = {}
        for number, account_id in enumerate(("main", "second")):
            account = given.an_account(db, NOW, account_id)
            talk = given.a_talk(db, account, NOW)
            talk.updated_at = NOW + timedelta(minutes=number)
            db.add(talk)
            found[account_id] = talk.id
        return found

    ids = store.write(furnish)
    only_main = Schedule("sale", 0, "毎日", ("main",))

    def fire() -> list[str | None]:
        before = len(store.read(told))
        later, following = NOW + timedelta(days=1), NOW + timedelta(days=9)
        store.write(lambda db: schedules.fire(db, later, lambda _: following))
        return [talk for talk, _ in store.read(told)[before:]]

    store.write(lambda db: schedules.plan(db, [DAILY], tomorrow))
    assert fire() == [ids["second"]]  # the latest talk
    store.write(lambda db: schedules.plan(db, [only_main], tomorrow))
    assert fire() == [ids["main"]]

    def block(db: Session) -> None:
        talk = db.get_one(Conversation, ids["second"])
        customers.blocked(db, db.get_one(Friend, talk.friend_id), NOW, NOW)

    store.write(block)
    store.write(lambda db: schedules.plan(db, [DAILY], tomorrow))
    assert fire() == [ids["main"]]

    def close(db: Session) -> None:
        account = db.get_one(Account, "main")
        account.is_active = False
        db.add(account)

    store.write(close)
    store.write(lambda db: schedules.plan(db, [Schedule("other", 0, "毎日")], tomorrow))
    assert fire() == []
