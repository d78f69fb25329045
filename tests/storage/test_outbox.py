"""What leaves for LINE: exactly once where that is possible, and said openly where it is not."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage import (
    desk,
    intents,
    journal,
    outbox,
    outcomes,
    post,
    settling,
)
from storage.arrivals import keep
from storage.bell import DELIVERIES
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from storage.objects import write_changes
from storage.outcomes import InvalidReplyToken, Limited, NoAnswer, Refused, Sent, Work
from storage.refusals import NotFound
from storage.rows import message_row
from storage.talks import lock
from storage.unit import Store, open_store
from tests import given

SECOND = timedelta(seconds=1)


def an_answer(store: Store, now: datetime, mode: str = "economy") -> int:
    """A customer wrote, and the bot's answer to it is about to be sent."""

    def work(db) -> int:
        account = given.an_account(db, now, mode=mode)
        conversation, _ = given.a_message(db, account, "こんにちは", now)
        (delivery,) = post.say(db, conversation, given.an_answer(), now)
        return delivery.id

    return store.write(work)


def claimed(store: Store, now: datetime) -> list[Work]:
    return store.write(lambda db: intents.claim_due(db, now, 10))


def recorded(store: Store, work: Work, outcome: outcomes.Outcome, now: datetime) -> str:
    return store.write(lambda db: outbox.record(db, work, outcome, now))


def found(store: Store, delivery_id: int) -> Delivery:
    return store.read(lambda db: db.get_one(Delivery, delivery_id))


def test_an_economy_account_replies_first_and_pushes_what_the_token_no_longer_serves(
    store: Store, now: datetime
) -> None:
    first = an_answer(store, now)
    talk = found(store, first).conversation_id
    later = given.an_answer("turn-1b")
    store.write(lambda db: post.say(db, lock(db, talk), later, now))

    (reply,) = claimed(store, now)

    assert (reply.mode, reply.reply_token) == ("reply", "reply-1")
    assert claimed(store, now) == []  # the lane waits for the answer before it
    assert recorded(store, reply, Sent("id-1"), now) == "sent"
    (push,) = claimed(store, now)
    assert (push.mode, push.reply_token) == ("push", None)
    assert push.retry_key != reply.retry_key
    row = store.read(
        lambda db: message_row(db, db.exec(select(Message).where(Message.seq == 2)).one())
    )
    assert (row["delivery"], row["cost"]) == ("sent", "free")


def test_a_strict_account_always_pushes_with_a_key_that_follows_from_the_cause(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now, mode="strict")

    (work,) = claimed(store, now)

    assert (work.mode, work.reply_token) == ("push", None)
    assert work.retry_key == found(store, delivery_id).retry_key
    assert found(store, delivery_id).reply_token is None


def test_a_token_that_was_never_tried_and_is_too_old_becomes_a_push(
    store: Store, now: datetime
) -> None:
    an_answer(store, now)

    (work,) = claimed(store, now + 31 * SECOND)

    assert (work.mode, work.reply_token) == ("push", None)


def test_crash_after_the_decision_c6_is_simply_sent(store: Store, now: datetime) -> None:
    delivery_id = an_answer(store, now)
    assert store.write(lambda db: outbox.recover(db, now)) == 0

    (work,) = claimed(store, now)

    assert recorded(store, work, Sent(), now) == "sent"
    assert found(store, delivery_id).ended_at == now


@pytest.mark.parametrize("outcome", [Sent(), InvalidReplyToken()])
def test_crash_after_the_intent_c7_to_c10_tries_the_same_token_inside_its_window(
    store: Store, now: datetime, outcome: outcomes.Outcome
) -> None:
    delivery_id = an_answer(store, now)
    (work,) = claimed(store, now)

    assert store.write(lambda db: outbox.recover(db, now + SECOND)) == 1
    (again,) = claimed(store, now + 2 * SECOND)

    assert (again.mode, again.reply_token) == ("reply", work.reply_token)
    expected = "sent" if isinstance(outcome, Sent) else "inferred_sent"
    assert recorded(store, again, outcome, now + 2 * SECOND) == expected
    assert claimed(store, now + 60 * SECOND) == []
    assert found(store, delivery_id).state == expected


def test_crash_after_the_intent_of_a_reply_and_a_late_restart_is_maybe_sent(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now)
    (work,) = claimed(store, now)
    late = now + 40 * SECOND

    store.write(lambda db: outbox.recover(db, late))

    assert found(store, delivery_id).state == "maybe_sent"
    assert claimed(store, late) == []
    assert recorded(store, work, Sent(), late) == "sent"  # the call was slow, not lost


def test_what_an_older_try_tells_does_not_end_the_newer_one(store: Store, now: datetime) -> None:
    delivery_id = an_answer(store, now)
    (slow,) = claimed(store, now)
    store.write(lambda db: outbox.recover(db, now + SECOND))
    (again,) = claimed(store, now + 2 * SECOND)

    assert recorded(store, slow, InvalidReplyToken(), now + 3 * SECOND) == "sending"
    assert recorded(store, slow, NoAnswer("time-out"), now + 3 * SECOND) == "sending"
    assert recorded(store, again, NoAnswer("time-out"), now + 3 * SECOND) == "pending"
    assert recorded(store, slow, Sent(), now + 4 * SECOND) == "sent"  # the call was slow, not lost
    assert found(store, delivery_id).state == "sent"


def test_a_retry_that_misses_the_window_is_maybe_sent_and_never_a_push(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now)
    (work,) = claimed(store, now)
    assert recorded(store, work, NoAnswer("time-out"), now + 20 * SECOND) == "pending"

    assert claimed(store, now + 45 * SECOND) == []

    assert found(store, delivery_id).state == "maybe_sent"
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    assert entries[-1].payload["message"]["delivery"] == "maybe_sent"


def test_crash_after_the_intent_of_a_push_repeats_the_same_key_for_a_day(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now, mode="strict")
    (work,) = claimed(store, now)
    store.write(lambda db: outbox.recover(db, now))

    (again,) = claimed(store, now + SECOND)

    assert again.retry_key == work.retry_key
    hours = timedelta(hours=24)
    assert recorded(store, again, NoAnswer("500"), now + SECOND) == "pending"
    assert claimed(store, now + hours) == []  # LINE has forgotten the key: it would send twice
    assert found(store, delivery_id).state == "unknown"


def test_a_push_without_an_answer_for_a_day_is_unknown(store: Store, now: datetime) -> None:
    an_answer(store, now, mode="strict")
    (work,) = claimed(store, now)

    assert recorded(store, work, NoAnswer("500"), now + timedelta(hours=24)) == "unknown"


def test_an_invalid_token_on_the_first_try_is_known_and_becomes_a_push(
    store: Store, now: datetime
) -> None:
    an_answer(store, now)
    (work,) = claimed(store, now)

    assert recorded(store, work, InvalidReplyToken(), now) == "pending"

    (push,) = claimed(store, now)
    assert (push.mode, push.retry_key) == ("push", work.retry_key)


def test_a_refusal_is_final_and_a_rate_limit_is_not(store: Store, now: datetime) -> None:
    delivery_id = an_answer(store, now, mode="strict")
    (work,) = claimed(store, now)

    assert recorded(store, work, Limited(), now) == "pending"
    assert claimed(store, now) == []
    (again,) = claimed(store, now + SECOND / 2)
    assert recorded(store, again, Refused("400 odd"), now) == "rejected"

    assert found(store, delivery_id).reason == "400 odd"
    assert recorded(store, again, Sent(), now) == "rejected"  # an answer that nobody waits for


def test_a_redelivery_opens_the_reply_again(store: Store, now: datetime) -> None:
    delivery_id = an_answer(store, now)
    claimed(store, now)
    store.write(lambda db: outbox.recover(db, now + 40 * SECOND))
    event = given.a_text_event("こんにちは", timestamp=int(now.timestamp() * 1000))
    again = now + 61 * SECOND

    def redeliver(db) -> int:
        return keep(db, db.get_one(Account, "main"), [event], again)

    assert store.write(redeliver) == 0

    (work,) = claimed(store, again)
    assert (work.mode, work.reply_token) == ("reply", "reply-1")
    assert recorded(store, work, InvalidReplyToken(), again) == "inferred_sent"
    store.write(redeliver)  # what is known stays known
    assert found(store, delivery_id).state == "inferred_sent"


@pytest.mark.parametrize(("seconds", "state"), [(54, "inferred_sent"), (56, "maybe_sent")])
def test_a_dead_token_tells_nothing_once_it_may_have_run_out(
    store: Store, now: datetime, seconds: int, state: str
) -> None:
    """The second try stood still before its call, as on a machine that slept."""
    delivery_id = an_answer(store, now)
    claimed(store, now)
    store.write(lambda db: outbox.recover(db, now + SECOND))
    (again,) = claimed(store, now + 2 * SECOND)

    assert recorded(store, again, InvalidReplyToken(), now + seconds * SECOND) == state
    assert claimed(store, now + 90 * SECOND) == []
    assert found(store, delivery_id).state == state


def test_a_redelivery_gives_a_reply_that_is_not_out_yet_more_time(
    store: Store, now: datetime
) -> None:
    an_answer(store, now)
    event = given.a_text_event("こんにちは", timestamp=int(now.timestamp() * 1000))
    later = now + 25 * SECOND
    store.write(lambda db: keep(db, db.get_one(Account, "main"), [event], later))

    (work,) = claimed(store, now + 50 * SECOND)

    assert (work.mode, work.reply_token) == ("reply", "reply-1")


def test_who_takes_over_cancels_the_runs_answers_and_nothing_else(
    store: Store, now: datetime
) -> None:
    answer_id = an_answer(store, now)
    talk = found(store, answer_id).conversation_id

    def take(db) -> int:
        (other,) = post.say(db, lock(db, talk), given.an_answer("b-1", run_id=None), now)
        desk.take(db, talk, given.an_operator(db, now), 0, now)
        return other.id

    other_id = store.write(take)

    assert (found(store, answer_id).state, found(store, answer_id).reason) == ("cancelled", "taken")
    assert [work.delivery_id for work in claimed(store, now)] == [other_id]


def test_who_takes_over_while_a_call_is_being_claimed_does_not_cancel_it(
    postgres_url: str, now: datetime
) -> None:
    with closing(open_store(postgres_url)) as store, ThreadPoolExecutor(2) as pool:
        answer_id = an_answer(store, now)
        talk = found(store, answer_id).conversation_id
        operator = store.write(lambda db: given.an_operator(db, now))
        is_claimed, may_end = Event(), Event()

        def claim(db) -> list[Work]:
            works = intents.claim_due(db, now, 10)
            write_changes(db)
            is_claimed.set()
            may_end.wait(60)
            return works

        claiming = pool.submit(store.write, claim)
        is_claimed.wait(60)
        taking = pool.submit(store.write, lambda db: desk.take(db, talk, operator, 0, now))
        until_somebody_waits(store)
        may_end.set()
        taking.result()

        (work,) = claiming.result()
        assert found(store, answer_id).state == "sending"
        assert recorded(store, work, Sent(), now) == "sent"


def test_a_turn_claims_what_others_have_made_of_a_delivery_since_it_looked(
    postgres_url: str, now: datetime
) -> None:
    with closing(open_store(postgres_url)) as store, closing(open_store(postgres_url)) as other:
        answer_id = an_answer(store, now, "strict")
        later = now + SECOND

        def turn(db) -> list[Work]:
            delivery = db.get_one(Delivery, answer_id)
            assert delivery.tries == 0
            (work,) = claimed(other, now)
            assert recorded(other, work, NoAnswer("stopped"), now) == "pending"
            journal.ring_later(db, DELIVERIES)
            return intents.claim_own(db, delivery.lane, later)

        (work,) = store.write(turn)

        assert (work.tried_at, work.delivery_id) == (later, answer_id)
        delivery = found(store, answer_id)
        assert (delivery.tries, delivery.is_unsure, delivery.first_tried_at) == (2, True, now)


def until_somebody_waits(store: Store) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = time.monotonic() + 60
    while not store.read(lambda db: db.scalar(waiting)):
        assert time.monotonic() < deadline


def test_an_answer_decided_before_somebody_took_over_is_fenced_off_at_the_door(
    store: Store, now: datetime
) -> None:
    answer_id = an_answer(store, now)
    talk = found(store, answer_id).conversation_id

    def raise_epoch(db) -> None:
        conversation: Conversation = lock(db, talk)
        conversation.epoch += 1
        db.add(conversation)

    store.write(raise_epoch)

    assert claimed(store, now) == []
    assert found(store, answer_id).state == "cancelled"


def test_what_a_run_said_before_it_asked_for_a_person_still_goes_out(
    store: Store, now: datetime
) -> None:
    answer_id = an_answer(store, now)
    talk = found(store, answer_id).conversation_id

    store.write(lambda db: desk.hand_off(db, lock(db, talk), given.ASKED, now))

    assert [work.delivery_id for work in claimed(store, now)] == [answer_id]


def test_an_operator_may_send_again_what_may_not_have_arrived(store: Store, now: datetime) -> None:
    old_id = an_answer(store, now)
    (work,) = claimed(store, now)
    operator = store.write(lambda db: given.an_operator(db, now))
    with pytest.raises(NotFound):
        store.write(lambda db: settling.send_anyway(db, old_id, operator, now))
    late = now + 40 * SECOND
    store.write(lambda db: outbox.recover(db, late))

    (line,) = store.write(lambda db: settling.send_anyway(db, old_id, operator, late))

    (push,) = claimed(store, late)
    assert (push.mode, push.delivery_id) == ("push", line.delivery_id)
    assert push.retry_key != work.retry_key
    with pytest.raises(NotFound):
        store.write(lambda db: settling.send_anyway(db, old_id, operator, late))


def test_more_than_five_bubbles_are_several_calls_in_order(store: Store, now: datetime) -> None:
    def work(db) -> list[int]:
        account = given.an_account(db, now)
        conversation, _ = given.a_message(db, account, "全部", now)
        said = post.Said([given.HELLO] * 7, ["こんにちは"] * 7, "turn-1")
        return [len(d.messages) for d in post.say(db, conversation, said, now)]

    assert store.write(work) == [5, 2]
    (first,) = claimed(store, now)
    recorded(store, first, Sent(), now)
    (second,) = claimed(store, now)
    assert (len(first.messages), len(second.messages)) == (5, 2)
