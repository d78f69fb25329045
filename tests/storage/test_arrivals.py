"""Events in: each kept once, taken in its customer's order, and never a stone in the way."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from threading import Barrier, Event
from time import sleep

import pytest
from sqlmodel import select

from storage import arrivals, asked, postgres_connections
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.talks import lock
from storage.unit import Store, open_store
from tests import given

OTHER = "U" + "2" * 32


def keep(store: Store, now: datetime, *events: dict) -> int:
    return store.write(lambda db: arrivals.keep(db, db.get_one(Account, "main"), events, now))


def claimed(store: Store, now: datetime) -> list[str]:
    """The event ids of everything that is due, each finished in a unit of its own."""
    ids = []

    def work(db) -> str | None:
        arrival = arrivals.claim(db, now)
        if arrival is None:
            return None
        arrivals.finish(db, arrival, now)
        return arrival.event_id

    while (event_id := store.write(work)) is not None:
        ids.append(event_id)
    return ids


def an_id(number: int) -> str:
    return f"01EVENT{number:019d}"


def test_an_event_is_kept_once_however_often_it_comes(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    event = given.a_text_event("こんにちは")
    nameless = {key: value for key, value in event.items() if key != "webhookEventId"}

    assert keep(store, now, event, event, given.a_text_event("もう一つ", 2)) == 2
    assert keep(store, now, event) == 0
    assert keep(store, now, nameless, nameless) == 1  # known by the hash of its JSON

    silent = {"type": "unfollow", "webhookEventId": "S1", "source": event["source"]}
    assert [keep(store, now, silent), keep(store, now, silent)] == [1, 0]
    assert store.read(arrivals.depth) == (4, now)
    assert len(claimed(store, now)) == 4
    assert store.read(arrivals.depth) == (0, None)
    assert keep(store, now, event) == 0


def test_fifty_copies_at_once_are_one_arrival(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    event = given.a_text_event("こんにちは")

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: keep(store, now, event), range(50)))

    assert sorted(kept) == [0] * 49 + [1]


def test_each_customer_has_a_queue_of_their_own(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    keep(
        store,
        now,
        given.a_text_event("一", 1),
        given.a_text_event("二", 2),
        given.a_text_event("別の人", 3, OTHER),
    )

    def fail_first(db) -> bool:
        first = arrivals.claim(db, now)
        return arrivals.fail(db, arrivals.Try.of(first), "壊れた", now)

    assert not store.write(fail_first)

    assert claimed(store, now) == [an_id(3)]  # the first waits for its next try, and blocks 二
    assert claimed(store, now + timedelta(seconds=1)) == [an_id(1), an_id(2)]


def test_what_fails_five_times_is_set_aside_and_blocks_nobody(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    keep(store, now, given.a_text_event("毒", 1), given.a_text_event("次", 2))
    later = now

    def fail(db) -> bool:
        arrival = arrivals.claim(db, later)
        return arrivals.fail(db, arrivals.Try.of(arrival), "x" * 900, later)

    ends = []
    for _ in range(arrivals.MAX_TRIES):
        ends.append(store.write(fail))
        later += timedelta(minutes=1)

    assert ends == [False] * 4 + [True]
    assert claimed(store, later) == [an_id(2)]
    poison = store.read(
        lambda db: db.exec(select(Arrival).where(Arrival.event_id == an_id(1))).one()
    )
    assert (poison.state, poison.tries, poison.done_at) == (
        "aside",
        5,
        later - timedelta(minutes=1),
    )
    assert len(poison.trouble or "") == 500


@pytest.mark.parametrize(
    ("is_redelivery", "minutes", "is_good"),
    [(True, 19, True), (True, 21, False), (False, 60, True)],
)
def test_a_token_that_line_no_longer_honours_is_not_used(
    store: Store, now: datetime, *, is_redelivery: bool, minutes: int, is_good: bool
) -> None:
    """Of a first delivery it is good, also where our clock is an hour ahead."""
    store.write(lambda db: given.an_account(db, now))
    sent_at = now - timedelta(minutes=minutes)
    event = given.a_text_event(
        "一",
        timestamp=int(sent_at.timestamp() * 1000),
        deliveryContext={"isRedelivery": is_redelivery},
    )

    keep(store, now, event)

    (row,) = store.read(lambda db: db.exec(select(Arrival)).all())
    assert (row.reply_until is not None) == is_good


def test_two_workers_never_serve_one_customer_at_once(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    keep(store, now, given.a_text_event("一", 1), given.a_text_event("二", 2))
    if store.dialect == "sqlite":  # one writer: the second unit begins after the first
        assert claimed(store, now) == [an_id(1), an_id(2)]
        return
    is_held, may_end = Event(), Event()

    def hold(db) -> str:
        arrival = arrivals.claim(db, now)
        is_held.set()
        may_end.wait(10)
        arrivals.finish(db, arrival, now)
        return arrival.event_id

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(store.write, hold)
        is_held.wait(10)
        blocked = store.write(lambda db: arrivals.claim(db, now))
        may_end.set()

    assert (blocked, first.result()) == (None, an_id(1))
    assert claimed(store, now) == [an_id(2)]


def test_a_worker_that_stood_still_has_lost_its_customer_and_what_it_then_writes_is_refused(
    postgres_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(postgres_url)) as awake:
        awake.write(lambda db: given.an_account(db, now))
        keep(awake, now, given.a_text_event("一", 1))
        monkeypatch.setattr(postgres_connections, "LONGEST_PAUSE_S", 1)
        with closing(open_store(postgres_url)) as stopped, ThreadPoolExecutor(1) as pool:
            is_held, may_go_on = Event(), Event()

            def stand_still(db) -> None:
                arrival = arrivals.claim(db, now)
                is_held.set()
                may_go_on.wait(60)
                arrivals.finish(db, arrival, now)

            first = pool.submit(stopped.write, stand_still)
            assert is_held.wait(60)
            assert claimed(awake, now) == []
            taken: list[str] = []
            for _ in range(600):
                if taken := claimed(awake, now):
                    break
                sleep(0.1)
            may_go_on.set()

            assert taken == [an_id(1)]
            # By SQLAlchemy, or by the driver itself where a statement is prepared.
            assert type(first.exception(60)).__name__ in {
                "OperationalError",
                "IdleInTransactionSessionTimeout",
            }


def test_many_workers_take_everything_once_and_in_order(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    people = [f"U{number:032x}" for number in range(5)]
    for number in range(100):
        keep(store, now, given.a_text_event("話", number, people[number % 5]))
    taken: list[str] = []
    start = Barrier(4)

    def work(db) -> bool:
        arrival = arrivals.claim(db, now)
        if arrival is None:
            return False
        arrivals.finish(db, arrival, now)
        taken.append(arrival.event_id)
        return True

    def serve(_: int) -> None:
        start.wait()
        while store.read(arrivals.depth)[0]:
            store.write(work)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(serve, range(4)))

    assert sorted(taken) == [an_id(number) for number in range(100)]
    done = store.read(lambda db: db.exec(select(Arrival).order_by(Arrival.id)).all())
    assert {arrival.state for arrival in done} == {"done"}


def test_a_redelivery_gives_the_free_reply_more_time_but_not_for_ever(
    store: Store, now: datetime
) -> None:
    event = given.a_text_event("こんにちは", timestamp=int(now.timestamp() * 1000))

    def receive(db) -> str:
        account = given.an_account(db, now)
        conversation, _ = given.a_message(db, account, "こんにちは", now)
        return conversation.id

    talk = store.write(receive)
    before = store.read(lambda db: db.get_one(Conversation, talk)).free_reply_until
    minute, hour = now + timedelta(seconds=61), now + timedelta(hours=1)

    keep(store, minute, event)
    after = store.read(lambda db: db.get_one(Conversation, talk)).free_reply_until
    keep(store, hour, event)
    late = store.read(lambda db: db.get_one(Conversation, talk)).free_reply_until

    assert before == now + timedelta(seconds=30)
    assert after == late == minute + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("minutes", "is_again", "is_free"), [(19, True, True), (21, True, False), (21, False, True)]
)
def test_only_a_token_that_is_dead_for_certain_is_not_tried(
    store: Store, now: datetime, minutes: int, *, is_again: bool, is_free: bool
) -> None:
    sent_ms = int((now - timedelta(minutes=minutes)).timestamp() * 1000)
    again = {"isRedelivery": is_again}
    event = given.a_text_event("見本", timestamp=sent_ms, deliveryContext=again)

    kept = store.write(lambda db: given.an_arrival(db, given.an_account(db, now), event, now))

    assert (kept.reply_until is not None) == is_free


def test_what_has_no_person_has_a_queue_of_its_own(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    group = given.a_text_event("みんなへ", 1, source={"type": "group", "groupId": "C1"})
    module = {"type": "module", "timestamp": 1, "mode": "active", "webhookEventId": "M1"}
    odd = given.a_text_event("変", 2, source={"type": "user", "userId": 7})

    assert keep(store, now, group, module, odd) == 3

    rows = store.read(lambda db: db.exec(select(Arrival)).all())
    assert len({row.lane for row in rows}) == 3
    assert [row.reply_until is not None for row in rows] == [True, False, True]


def test_what_happens_inside_joins_the_same_queue(store: Store, now: datetime) -> None:
    def work(db) -> str:
        account = given.an_account(db, now)
        conversation = given.a_talk(db, account, now)
        arrivals.keep(db, account, [given.a_text_event("先に")], now)
        arrivals.add_inside(db, conversation, "timer", {"kind": "run"}, now)
        return conversation.id

    talk = store.write(work)

    rows = store.read(lambda db: db.exec(select(Arrival).order_by(Arrival.id)).all())
    assert rows[0].lane == rows[1].lane
    assert (rows[1].is_inside, rows[1].conversation_id) == (True, talk)
    lane = store.write(lambda db: arrivals.lane_of_conversation(db, lock(db, talk)))
    assert lane == rows[0].lane


def test_what_is_put_off_waits_for_whoever_put_it_off_and_is_not_lost_with_them(
    store: Store, now: datetime
) -> None:
    store.write(lambda db: given.an_account(db, now))
    keep(store, now, given.a_text_event("質問", 1), given.a_text_event("次の質問", 2))
    keep(store, now, given.a_text_event("ほかの方", 3, OTHER))
    first = store.write(lambda db: arrivals.claim(db, now))
    assert first is not None
    until, id_ = now + timedelta(seconds=10), first.id or 0

    def again(db) -> bool:
        arrival = asked.claim_again(db, id_)
        if arrival is not None:
            arrivals.finish(db, arrival, now)
        return arrival is not None

    assert store.write(lambda db: asked.put_off(db, id_, until, now))
    assert not store.write(lambda db: asked.put_off(db, id_, until, now))  # it is somebody's
    assert claimed(store, now) == [an_id(3)]  # the others go on, its own lane waits
    assert store.write(again)
    assert not store.write(again)
    assert not store.write(lambda db: asked.put_off(db, id_, until, now))
    assert claimed(store, now) == [an_id(2)]

    keep(store, now, given.a_text_event("また", 4))
    left = store.write(lambda db: arrivals.claim(db, now))
    assert left is not None
    store.write(lambda db: asked.put_off(db, left.id or 0, until, now))
    assert claimed(store, now) == []
    assert claimed(store, until) == [an_id(4)]  # whoever had it is gone


def test_who_asks_keeps_the_lane_as_long_as_it_lives_and_who_starts_alone_takes_it_up(
    store: Store, now: datetime
) -> None:
    store.write(lambda db: given.an_account(db, now))
    keep(store, now, given.a_text_event("質問", 1))
    first = store.write(lambda db: arrivals.claim(db, now))
    assert first is not None
    mine, second = arrivals.Try.of(first), timedelta(seconds=1)
    store.write(lambda db: asked.put_off(db, mine.arrival_id, now + second, now))

    store.write(lambda db: asked.keep_longer(db, mine, now + 3 * second))
    assert store.write(lambda db: arrivals.claim(db, now + 2 * second)) is None
    store.write(lambda db: asked.keep_longer(db, mine, now + second))  # never shorter
    assert store.write(lambda db: arrivals.claim(db, now + 2 * second)) is None
    another = arrivals.Try(mine.arrival_id, mine.number + 1)
    store.write(lambda db: asked.keep_longer(db, another, now + 9 * second))
    store.write(asked.take_up)

    assert claimed(store, now) == [an_id(1)]
    store.write(lambda db: asked.keep_longer(db, mine, now + 9 * second))
    done = store.read(lambda db: db.exec(select(Arrival)).one())
    assert (done.state, done.due_at) == ("done", None)
