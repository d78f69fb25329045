"""The clock of the next answer: when it runs, when it is over, and what it tells."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.turn import do_turn
from flows.language.book import Book, House
from storage import desk, journal, lateness, post, timers
from storage.arrivals import claim
from storage.desk import Assignment
from storage.desk_rules import Rule, Rules, get_rules, put_rules
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff
from storage.models.work import Timer
from storage.opening import after_open_minutes, keep_hours
from storage.refusals import StaleRules
from storage.unit import Store
from tests import given
from tests.storage.test_desk_life import hear

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
HOUSE = Rule(first_minutes=15, next_minutes=60)
Desk = tuple[str, Operator]


def decide(store: Store, house: Rule, now: datetime, **queues: Rule) -> None:
    version = store.read(get_rules).version
    store.write(lambda db: put_rules(db, Rules(version, house, queues), "見本", now))


def waiting(store: Store, now: datetime) -> Desk:
    def work(db) -> Desk:
        talk = given.a_waiting_talk(db, given.an_account(db, now), now)
        return talk.id, given.an_operator(db, now)

    return store.write(work)


def found(store: Store, talk: str) -> Conversation:
    return store.read(lambda db: db.get_one(Conversation, talk))


def the_handoff(store: Store) -> Handoff:
    return store.read(lambda db: db.exec(select(Handoff).order_by(Handoff.id.desc())).first())


def clocks_timer(store: Store) -> Timer | None:
    return store.read(lambda db: db.exec(select(Timer).where(Timer.kind == "sla")).first())


def kinds(store: Store) -> list[str]:
    return [entry.kind for entry in store.read(lambda db: journal.tail(db, "main", 0)).entries]


def pass_time(store: Store, now: datetime) -> None:
    """Fire what is due, and do the turns that follow."""
    store.write(lambda db: timers.fire_due(db, now))
    book = Book(House(), {}, {}.__getitem__)

    def turn(db) -> bool:
        arrival = claim(db, now)
        if arrival is not None:
            do_turn(db, arrival, book, now)
        return arrival is not None

    while store.write(turn):
        pass


def test_no_clock_runs_where_no_target_is_set(store: Store, now: datetime) -> None:
    talk, _ = waiting(store, now)

    kept = found(store, talk)
    assert (kept.reply_due_at, kept.reply_risk_at) == (None, None)
    assert (the_handoff(store).first_due_at, clocks_timer(store)) == (None, None)


def test_a_handoff_starts_the_clock_of_the_first_answer_and_the_answer_stops_it(
    store: Store, now: datetime
) -> None:
    decide(store, HOUSE, now)
    talk, operator = waiting(store, now)

    started = found(store, talk)
    assert started.reply_due_at == now + 15 * MINUTE
    assert started.reply_risk_at == now + 10 * MINUTE
    assert the_handoff(store).first_due_at == now + 15 * MINUTE
    assert clocks_timer(store).due_at == now + 10 * MINUTE

    store.write(lambda db: desk.take(db, talk, operator, 1, now + MINUTE))
    assert found(store, talk).reply_due_at == now + 15 * MINUTE  # to take it is no answer

    later = now + 2 * MINUTE
    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), later))
    answered = found(store, talk)
    assert (answered.status, answered.reply_due_at, answered.reply_since) == ("pending", None, None)
    assert the_handoff(store).first_replied_at == later
    assert clocks_timer(store) is None

    hear(store, talk, now + HOUR, 2)
    assert found(store, talk).reply_due_at == now + 2 * HOUR  # the target of the next answer
    assert the_handoff(store).first_due_at == now + 15 * MINUTE

    hear(store, talk, now + HOUR + MINUTE, 3)
    assert found(store, talk).reply_due_at == now + 2 * HOUR  # the oldest question counts


@pytest.mark.parametrize("end", ["resolve", "return", "snooze"])
def test_the_clock_stops_when_nobody_waits_for_a_person(
    store: Store, now: datetime, end: str
) -> None:
    decide(store, HOUSE, now)
    talk, operator = waiting(store, now)
    deeds = {
        "resolve": lambda db: desk.resolve(db, talk, operator, now),
        "return": lambda db: desk.return_to_bot(db, talk, operator, now),
        "snooze": lambda db: desk.snooze(db, talk, operator, now + HOUR, now),
    }

    store.write(deeds[end])

    assert (found(store, talk).reply_due_at, clocks_timer(store)) == (None, None)
    if end == "snooze":  # woken, it counts anew
        pass_time(store, now + HOUR)
        assert found(store, talk).reply_due_at == now + HOUR + 15 * MINUTE


def test_each_queue_has_its_own_targets_and_a_move_keeps_the_time_that_has_passed(
    store: Store, now: datetime
) -> None:
    decide(store, HOUSE, now, 予約=Rule(first_minutes=30), 夜間=Rule(first_minutes=0))
    talk, operator = waiting(store, now)

    def move(queue: str, epoch: int) -> Conversation:
        to = Assignment(None, queue, epoch)
        return store.write(lambda db: desk.assign(db, talk, operator, to, now + 5 * MINUTE))

    moved = move("予約", 1)
    assert moved.reply_due_at == now + 30 * MINUTE
    assert the_handoff(store).first_due_at == now + 30 * MINUTE
    assert move("夜間", moved.epoch).reply_due_at is None  # 0: none, although the house has one
    assert clocks_timer(store) is None


def test_targets_count_while_the_queue_is_open_or_around_the_clock(
    store: Store, now: datetime
) -> None:
    minute = int(now.timestamp()) // 60
    spans = [(minute - 600, minute + 5), (minute + 600, minute + 1200)]
    store.write(lambda db: keep_hours(db, {"受付": spans}))
    decide(store, HOUSE, now)
    talk, operator = waiting(store, now)
    assert found(store, talk).reply_due_at == now + 610 * MINUTE  # 5 today, 10 after the opening

    decide(store, Rule(first_minutes=15, hours="always"), now)
    store.write(lambda db: lateness.look_at_all(db, now))
    pass_time(store, now)
    assert found(store, talk).reply_due_at == now + 15 * MINUTE
    assert "conversation.clock" in kinds(store)
    assert clocks_timer(store).due_at == now + 10 * MINUTE
    store.write(lambda db: desk.resolve(db, talk, operator, now))


def test_the_hours_end_and_there_is_nothing_to_promise(now: datetime) -> None:
    minute = int(now.timestamp()) // 60

    assert after_open_minutes([], now, 1) is None
    assert after_open_minutes([[minute - 9, minute + 3]], now, 3) == now + 3 * MINUTE
    assert after_open_minutes([[minute - 9, minute + 3]], now, 4) is None
    assert after_open_minutes(None, now, 4) == now + 4 * MINUTE


def test_the_warning_and_the_breach_are_told_once_each(store: Store, now: datetime) -> None:
    decide(store, HOUSE, now)
    talk, operator = waiting(store, now)

    pass_time(store, now + 9 * MINUTE)
    assert not {"conversation.at_risk", "conversation.breached"} & set(kinds(store))
    for minutes in (10, 11, 15, 16, 90):
        pass_time(store, now + minutes * MINUTE)

    told = [kind for kind in kinds(store) if kind.startswith("conversation.")]
    assert told == ["conversation.at_risk", "conversation.breached"]
    assert found(store, talk).reply_due_at == now + 15 * MINUTE  # it stays, to be seen
    assert clocks_timer(store) is None
    store.write(lambda db: desk.take(db, talk, operator, 1, now + 91 * MINUTE))
    assert clocks_timer(store) is None


def test_a_warning_that_was_under_way_when_the_answer_came_says_nothing(
    store: Store, now: datetime
) -> None:
    decide(store, HOUSE, now)
    talk, operator = waiting(store, now)
    store.write(lambda db: timers.fire_due(db, now + 10 * MINUTE))

    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), now + 10 * MINUTE))
    pass_time(store, now + 10 * MINUTE)

    assert "conversation.at_risk" not in kinds(store)


def test_rules_are_changed_by_whoever_has_read_the_newest(store: Store, now: datetime) -> None:
    assert store.read(get_rules) == Rules()
    decide(store, HOUSE, now, 予約=Rule(assign=("owner", "least_busy")))

    kept = store.read(get_rules)
    assert (kept.version, kept.of("受付")) == (1, HOUSE)
    assert kept.of("予約") == Rule(
        first_minutes=15, next_minutes=60, assign=("owner", "least_busy")
    )
    with pytest.raises(StaleRules):
        store.write(lambda db: put_rules(db, Rules(0, Rule(), {}), "見本", now))
    assert store.read(get_rules) == kept
