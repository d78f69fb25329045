"""A customer's talk, from LINE's webhook to the phone and into the memory, on both databases."""

from sqlalchemy import select

from flows.language import values
from flows.language.book import HOUSE, Book, house_from
from flows.language.routing import take
from flows.language.run import run_from_json
from storage.models.flows import FlowVersion, RunEvent
from storage.models.talks import Conversation, Handoff, Message
from storage.unit import Store
from tests.bot.conftest import Line, eventually


def test_a_friend_is_welcomed_and_answers_are_heard(counter: Line, store: Store) -> None:
    user = counter.friend()

    counter.does(user, "follow")
    eventually(lambda: counter.texts(user), "the welcome")
    before = len(counter.texts(user))
    counter.does(user, "say", text="はじめて")
    eventually(lambda: len(counter.texts(user)) > before, "the next question")

    replies = counter.calls("/message/reply")
    assert [call["status"] for call in replies] == [200] * len(replies)
    assert not counter.calls("/message/push")
    lines = store.read(lambda db: list(db.scalars(select(Message).order_by(Message.seq))))
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0].kind == "follow"
    conversation = store.read(lambda db: db.scalars(select(Conversation)).one())
    assert conversation.status == "bot"


def test_what_a_run_did_is_kept_whole_enough_to_be_done_again(counter: Line, store: Store) -> None:
    user = counter.friend()
    counter.does(user, "say", text="予約")
    eventually(lambda: counter.texts(user), "the first question")
    counter.does(user, "say", text="カット")
    eventually(lambda: len(counter.texts(user)) > 1, "the second question")

    events = store.read(lambda db: list(db.scalars(select(RunEvent).order_by(RunEvent.seq))))
    versions = store.read(lambda db: {v.hash: v for v in db.scalars(select(FlowVersion))})
    heads = {v.flow_id: v.hash for v in versions.values() if v.flow_id != HOUSE}
    house = next(v.bundle for v in versions.values() if v.flow_id == HOUSE)
    book = Book(house_from(house), heads, lambda hash_: versions[hash_].bundle)

    assert [event.kind for event in events] == ["Said", "Said"]
    for event in events:
        runs = [run_from_json(event.state_before)] if event.state_before else []
        context = values.from_json(event.context)
        again = take(book, runs, values.from_json(event.payload), context)
        assert [run.to_json() for run in again.runs] == [event.state_after]


def test_staff_see_the_survey_that_asking_for_a_person_interrupted(
    counter: Line, store: Store
) -> None:
    counter.opens()
    user = counter.friend()
    counter.does(user, "follow")
    eventually(lambda: counter.texts(user), "the welcome")
    counter.does(user, "say", text="はじめて")
    eventually(lambda: "年代" in counter.texts(user)[-1], "the next question")

    counter.does(user, "say", text="スタッフと話したい")
    eventually(lambda: store.read(lambda db: db.scalars(select(Handoff)).all()), "the handoff")

    handoff = store.read(lambda db: db.scalars(select(Handoff)).one())
    assert handoff.open_question == "年代を教えてください"
    assert [(a["step"], a["value"]) for a in handoff.answers] == [("first_visit", "はじめて")]
