"""A call whose words were taken back while it was under way: they go as soon as they may."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from storage import intents, letters, outbox, post
from storage.deliveries import take_words
from storage.flow_versions import publish
from storage.incoming import unsend
from storage.models.flows import Run
from storage.models.work import Delivery
from storage.outcomes import Limited, NoAnswer, NotBegun, Outcome, Refused, Sent, Work
from storage.runs import RunState, save_run
from storage.unit import Store
from tests import given

SECRET = "ひみつの住所です"


def under_way(store: Store, now: datetime, mode: str = "strict") -> Work:
    """The bot is telling the customer what they said, in two messages."""

    def work(db: Session) -> None:
        account = given.an_account(db, now, mode=mode)
        conversation, _ = given.a_message(db, account, SECRET, now)
        messages = [{"type": "text", "text": one} for one in (f"{SECRET} ですね", "つぎの文")]
        texts = [one["text"] for one in messages]
        post.say(db, conversation, post.Said(messages, texts, "turn-1"), now)

    store.write(work)
    (call,) = store.write(lambda db: intents.claim_due(db, now, 10))
    return call


def blank(store: Store) -> None:
    def work(db: Session) -> None:
        delivery = db.exec(select(Delivery)).one()
        take_words(delivery, [{"type": "text", "text": "… ですね"}, delivery.messages[1]])
        db.add(delivery)

    store.write(work)


def deliveries(store: Store) -> list[Delivery]:
    return store.read(lambda db: list(db.exec(select(Delivery).order_by(Delivery.id))))


@pytest.mark.parametrize(
    ("outcome", "states", "is_other_key"),
    [
        (Sent(), ["sent"], False),
        (Refused("no"), ["rejected"], False),
        (Refused("no", (0,)), ["pending", "rejected"], True),
        (Limited(), ["pending"], True),
        (NotBegun(), ["pending"], True),
    ],
)
def test_the_words_go_when_line_needs_them_no_more(
    store: Store, now: datetime, outcome: Outcome, states: list[str], *, is_other_key: bool
) -> None:
    call = under_way(store, now)
    blank(store)
    assert SECRET in str(deliveries(store)[0].messages), "LINE may be asked with them once more"

    store.write(lambda db: outbox.record(db, call, outcome, now))

    found = deliveries(store)
    assert [one.state for one in found] == states
    assert SECRET not in str([(one.messages, one.messages_after) for one in found])
    assert (found[0].retry_key != call.retry_key) is is_other_key


def test_while_nobody_knows_whether_line_has_them_they_stay(store: Store, now: datetime) -> None:
    call = under_way(store, now)
    blank(store)

    store.write(lambda db: outbox.record(db, call, NoAnswer("reset"), now))

    (kept,) = deliveries(store)
    assert SECRET in str(kept.messages)
    assert kept.retry_key == call.retry_key
    store.write(lambda db: outbox.record(db, call, Sent(), now))
    assert SECRET not in str([(one.messages, one.messages_after) for one in deliveries(store)])


def test_a_letter_under_way_is_emptied_when_it_ends(store: Store, now: datetime) -> None:
    call = under_way(store, now)

    def work(db: Session) -> None:
        letters.blank(db, db.exec(select(Delivery)).one(), [SECRET])

    store.write(work)
    store.write(lambda db: outbox.record(db, call, Sent(), now))

    (letter,) = deliveries(store)
    assert [one["text"] for one in letter.messages] == ["", ""]


def test_a_message_that_never_came_has_no_copies_to_look_for(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought = []
    monkeypatch.setattr("storage.copies.sayings_of_talk", lambda *given: sought.append(given) or [])

    def work(db: Session) -> None:
        conversation, _ = given.a_message(db, given.an_account(db, now), SECRET, now, 1)
        unsend(db, conversation, "77", now)
        assert sought == []
        unsend(db, conversation, "1", now)

    store.write(work)
    assert len(sought) == 1


def test_a_run_of_another_talk_of_the_customer_is_left_to_its_own_turns(
    store: Store, now: datetime
) -> None:
    def work(db: Session) -> None:
        account = given.an_account(db, now)
        talk, _ = given.a_message(db, account, SECRET, now, 1)
        other = given.a_talk(db, account, now, "U" + "b" * 32)
        other.customer_id = talk.customer_id
        publish(db, [given.a_version()], None, now)
        db.flush()
        for run_id, each in (("r1", talk), ("r2", other)):
            state = {"id": run_id, "message": SECRET, "frames": []}
            save_run(db, each, RunState(run_id, "welcome", "h1", "going", state, now), now)
        unsend(db, talk, "1", now)

    store.write(work)

    runs = store.read(lambda db: db.exec(select(Run).order_by(Run.id)).all())
    assert [one.state["message"] for one in runs] == ["…", SECRET]
