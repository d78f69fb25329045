"""Taking back: what is cancelled never leaves, what is not always does, and in its order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from storage import desk, intents, journal, outbox, outcomes, post, settling, taking_back
from storage.desk_rules import Rule, Rules, put_rules
from storage.incoming import await_answer
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery, Timer
from storage.outcomes import Sent
from storage.refusals import NotFound, TooLate
from storage.rows import message_row
from storage.talks import changed
from storage.unit import Store, open_store
from tests import given

SECOND = timedelta(seconds=1)


class Counter:
    """A waiting customer whose reply is free for 30 s, and who answers them."""

    def __init__(self, store: Store, now: datetime, mode: str = "economy") -> None:
        self.store, self.now, self.number = store, now, 0

        def furnish(db) -> tuple[str, Operator]:
            account = given.an_account(db, now, mode=mode)
            return given.a_waiting_talk(db, account, now).id, given.an_operator(db, now)

        self.talk_id, self.operator = store.write(furnish)

    @property
    def talk(self) -> Conversation:
        return self.store.read(lambda db: db.get_one(Conversation, self.talk_id))

    def send(self, undo_s: int) -> Message:
        self.number += 1
        reply = replace(given.a_reply(f"c{self.number}", force=True), undo_s=undo_s)
        lines, _ = self.store.write(
            lambda db: post.send(db, self.talk_id, self.operator, reply, self.now)
        )
        return lines[0]

    def take_back(self, message: Message) -> None:
        self.store.write(lambda db: taking_back.take_back(db, message, self.operator, self.now))

    def give_up(self, message: Message) -> None:
        id_ = message.delivery_id or 0
        self.store.write(lambda db: settling.give_up(db, id_, self.operator, self.now))

    def meets(self, outcome: outcomes.Outcome) -> None:
        """The worker tries what waits; so it ends."""
        (work,) = self.store.write(lambda db: intents.claim_due(db, self.now, 9))
        self.store.write(lambda db: outbox.record(db, work, outcome, self.now))

    def works(self, after_s: float) -> list[int]:
        """What the worker sends when so much time has passed."""
        self.now += timedelta(seconds=after_s)
        works = self.store.write(lambda db: intents.claim_due(db, self.now, 9))
        for work in works:
            self.store.write(lambda db, work=work: outbox.record(db, work, Sent(), self.now))
        return [work.delivery_id for work in works]

    def row(self, message: Message) -> dict:
        return self.store.read(lambda db: message_row(db, db.get_one(Message, message.id)))


@pytest.fixture
def counter(store: Store, now: datetime) -> Counter:
    return Counter(store, now)


def test_what_is_taken_back_never_leaves_and_the_talk_is_as_before(counter: Counter) -> None:
    before = counter.talk
    message = counter.send(5)
    row = counter.row(message)
    assert (row["delivery"], row["undo_until"]) == ("pending", "2026-11-21T01:00:05.000Z")
    assert counter.works(4) == []

    counter.take_back(message)

    assert counter.works(60) == []
    row = counter.row(message)
    assert (row["delivery"], row["delivery_reason"]) == ("cancelled", "undone")
    assert row["undo_until"] is None
    after = counter.talk
    assert (after.status, after.assignee_id) == ("active", counter.operator.id)
    assert after.waiting_since == before.waiting_since
    assert after.free_reply_until == before.free_reply_until
    assert after.reply_arrival_id == before.reply_arrival_id
    assert after.last_message == before.last_message
    counter.take_back(message)  # the same again is nothing new


@pytest.mark.parametrize("outcome", [None, outcomes.MonthOver(), outcomes.Limited()])
def test_what_is_let_be_though_nobody_could_undo_it_leaves_the_talk_as_before(
    counter: Counter, outcome: outcomes.Outcome | None
) -> None:
    before = counter.talk
    message = counter.send(0)
    assert counter.row(message)["undo_until"] is None
    if outcome is not None:  # LINE was asked, and has plainly not taken it
        counter.meets(outcome)
    assert (counter.talk.status, counter.talk.waiting_since) == ("pending", None)

    counter.give_up(message)

    row = counter.row(message)
    assert (row["delivery"], row["delivery_reason"]) == ("cancelled", "given_up")
    after = counter.talk
    assert (after.status, after.assignee_id) == ("active", counter.operator.id)
    assert (after.waiting_since, after.reply_since) == (before.waiting_since, before.reply_since)
    assert after.last_message == before.last_message
    assert after.free_reply_until == before.free_reply_until
    assert counter.works(60) == []


def test_of_two_that_wait_the_talk_is_answered_until_both_are_let_be(counter: Counter) -> None:
    before = counter.talk
    first, second = counter.send(0), counter.send(0)

    counter.give_up(second)
    assert counter.talk.status == "pending"
    counter.give_up(first)

    assert (counter.talk.status, counter.talk.waiting_since) == ("active", before.waiting_since)


def test_what_may_have_arrived_leaves_the_talk_answered(counter: Counter) -> None:
    message = counter.send(0)
    counter.meets(outcomes.NoAnswer("reset"))

    counter.give_up(message)

    assert counter.row(message)["delivery"] == "maybe_sent"
    assert (counter.talk.status, counter.talk.waiting_since) == ("pending", None)


def test_what_is_not_taken_back_leaves_after_its_seconds_as_the_free_reply(
    counter: Counter,
) -> None:
    message = counter.send(5)

    assert counter.works(4.9) == []
    assert counter.works(0.1) == [message.delivery_id]

    assert (counter.row(message)["delivery"], counter.row(message)["cost"]) == ("sent", "free")
    with pytest.raises(TooLate):
        counter.take_back(message)


def test_without_undo_it_leaves_at_once(counter: Counter) -> None:
    message = counter.send(0)

    assert counter.row(message)["undo_until"] is None
    assert counter.works(0) == [message.delivery_id]


def test_a_free_reply_waits_no_longer_than_it_is_free(counter: Counter) -> None:
    counter.now += 22 * SECOND  # 8 s are left, and 5 of them are for the way
    message = counter.send(30)

    assert counter.row(message)["undo_until"] == "2026-11-21T01:00:25.000Z"
    assert counter.works(3) == [message.delivery_id]
    assert counter.row(message)["cost"] == "free"


def test_one_whose_free_time_is_almost_over_leaves_at_once(counter: Counter) -> None:
    counter.now += 27 * SECOND

    message = counter.send(10)

    assert counter.works(0) == [message.delivery_id]


def test_what_comes_after_waits_behind_it_and_goes_on_when_it_is_taken_back(
    counter: Counter,
) -> None:
    first, second = counter.send(10), counter.send(0)
    assert counter.works(1) == []

    counter.take_back(first)

    assert counter.works(0) == [second.delivery_id]
    assert counter.talk.status == "pending"  # the second is an answer


def test_of_two_that_are_both_taken_back_the_customer_waits_as_before(counter: Counter) -> None:
    before = counter.talk
    first, second = counter.send(10), counter.send(10)

    counter.take_back(second)
    assert counter.talk.status == "pending"
    counter.take_back(first)

    assert (counter.talk.status, counter.talk.waiting_since) == ("active", before.waiting_since)


def test_a_call_that_was_begun_cannot_be_taken_back(counter: Counter) -> None:
    message = counter.send(5)
    counter.now += 5 * SECOND
    counter.store.write(lambda db: intents.claim_due(db, counter.now, 9))

    with pytest.raises(TooLate):
        counter.take_back(message)
    heard = select(Message).where(Message.sender == "customer")
    line = counter.store.read(lambda db: db.exec(heard).one())
    with pytest.raises(NotFound):
        counter.store.read(lambda db: taking_back.get_message(db, line.id))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("send"), st.sampled_from([0, 5, 10, 30])),
            st.tuples(st.just("back"), st.integers(0, 5)),
            st.tuples(st.just("pass"), st.sampled_from([0, 1, 4, 5, 11])),
        ),
        max_size=14,
    )
)
def test_the_law_of_taking_back(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite,
    now: datetime,
    steps: list[tuple[str, int]],
) -> None:
    """Cancelled never leaves, uncancelled always does, in the order in which it was written."""
    path = tmp_path_factory.mktemp("undo") / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{path}")
    counter = Counter(store, now)
    messages: list[Message] = []
    cancelled: set[int] = set()
    left: list[int] = []

    for step, figure in steps:
        if step == "send":
            messages.append(counter.send(figure))
        elif step == "pass":
            left += counter.works(figure)
        elif figure < len(messages):
            try:
                counter.take_back(messages[figure])
                cancelled.add(messages[figure].delivery_id)
            except TooLate:
                assert messages[figure].delivery_id in left
    for _ in range(len(messages) + 1):
        left += counter.works(31)

    assert left == [m.delivery_id for m in messages if m.delivery_id not in cancelled]
    open_ = select(Delivery).where(col(Delivery.ended_at).is_(None))
    assert store.read(lambda db: db.exec(open_).all()) == []
    store.close()


def test_of_the_worker_and_the_writer_exactly_one_comes_first(counter: Counter) -> None:
    for _ in range(8):
        message = counter.send(5)
        counter.now += 5 * SECOND

        def cancel(message: Message = message) -> bool:
            try:
                counter.take_back(message)
            except TooLate:
                return False
            return True

        def claim() -> list[outcomes.Work]:
            return counter.store.write(lambda db: intents.claim_due(db, counter.now, 9))

        with ThreadPoolExecutor(2) as pool:
            claimed, cancelled = pool.submit(claim), pool.submit(cancel)

        works = claimed.result()
        state = counter.row(message)["delivery"]
        if cancelled.result():
            assert (works, state) == ([], "cancelled")
        else:
            assert [work.delivery_id for work in works] == [message.delivery_id]
            for work in works:
                counter.store.write(
                    lambda db, work=work: outbox.record(db, work, Sent(), counter.now)
                )


def test_the_clock_of_replies_goes_on_as_if_nothing_was_sent(counter: Counter) -> None:
    minute, house = 60 * SECOND, Rule(first_minutes=15, next_minutes=60)
    counter.store.write(lambda db: put_rules(db, Rules(0, house), "見本", counter.now))
    counter.store.write(
        lambda db: desk.take(db, counter.talk_id, counter.operator, counter.talk.epoch, counter.now)
    )
    due_at = counter.now + 15 * minute
    assert counter.talk.reply_due_at == due_at
    counter.now += minute

    message = counter.send(30)
    assert counter.talk.reply_due_at is None
    counter.take_back(message)

    assert counter.talk.reply_due_at == due_at
    handoff = counter.store.read(lambda db: db.exec(select(Handoff)).one())
    assert (handoff.first_replied_at, handoff.first_due_at) == (None, due_at)


def test_the_first_answer_is_the_one_that_was_not_taken_back(counter: Counter) -> None:
    first = counter.send(30)
    counter.now += SECOND
    counter.send(30)

    counter.take_back(first)

    handoff = counter.store.read(lambda db: db.exec(select(Handoff)).one())
    assert handoff.first_replied_at == counter.now
    assert counter.talk.status == "pending"


def test_who_wrote_meanwhile_has_waited_since_before(counter: Counter) -> None:
    before = counter.talk.waiting_since
    message = counter.send(30)
    counter.now += 2 * SECOND
    counter.store.write(
        lambda db: receive_more(db, db.get_one(Conversation, counter.talk_id), counter.now)
    )
    assert counter.talk.waiting_since == counter.now

    counter.take_back(message)

    assert counter.talk.waiting_since == before


def receive_more(db: Session, talk: Conversation, now: datetime) -> None:
    await_answer(db, talk, now)
    changed(db, talk, "message.received", journal.CUSTOMER, now)


def test_a_talk_that_was_put_aside_is_put_aside_again(counter: Counter) -> None:
    store, until = counter.store, counter.now + 3600 * SECOND
    store.write(
        lambda db: desk.take(db, counter.talk_id, counter.operator, counter.talk.epoch, counter.now)
    )
    store.write(lambda db: desk.snooze(db, counter.talk_id, counter.operator, until, counter.now))

    counter.take_back(counter.send(30))

    assert (counter.talk.status, counter.talk.snoozed_until) == ("snoozed", until)
    timers = store.read(lambda db: db.exec(select(Timer.kind, Timer.due_at)).all())
    assert ("snooze", until) in list(timers)


def test_lists_are_sorted_by_what_was_said_before(counter: Counter) -> None:
    before = counter.talk.last_message_at
    counter.now += SECOND

    counter.take_back(counter.send(30))

    assert counter.talk.last_message_at == before
