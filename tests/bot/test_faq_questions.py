"""What the FAQ could not answer is kept for managers to learn from, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage.conversations import Scope
from storage.faq_questions import OpenQuestion, list_open, settle
from storage.models.talks import Handoff
from storage.unit import Store
from tests.bot.conftest import Line, eventually

EVERYTHING = Scope("", None)


def open_questions(store: Store, scope: Scope = EVERYTHING) -> list[OpenQuestion]:
    since = datetime.now(UTC) - timedelta(days=1)
    return store.read(lambda db: list_open(db, scope, since))


def test_a_question_is_kept_with_what_came_of_it_until_a_manager_decides(
    counter: Line, store: Store
) -> None:
    user = counter.friend()
    counter.does(user, "say", text="ヘアカラーの値段")
    eventually(lambda: counter.texts(user), "what may be meant")
    counter.tap(user, "カラーはいくらですか")
    eventually(lambda: len(counter.texts(user)) > 2, "the answer")
    counter.does(user, "say", text="xyzzy 090-1234-5678")
    eventually(lambda: len(open_questions(store)) == 2, "the question that nobody could answer")

    picked, unknown = open_questions(store)

    assert (picked.text, picked.outcome) == ("ヘアカラーの値段", "picked")
    assert picked.entry_id == "color_price"
    assert (unknown.text, unknown.outcome) == ("xyzzy 090-0000-0001", "unknown")
    assert open_questions(store, Scope("", frozenset({"another"}))) == []
    walled = store.write(
        lambda db: settle(db, Scope("", frozenset({"another"})), [picked.id], datetime.now(UTC))
    )
    settled = store.write(lambda db: settle(db, EVERYTHING, [picked.id], datetime.now(UTC)))
    assert (walled, settled) == (0, 1)
    assert [question.id for question in open_questions(store)] == [unknown.id]


def test_a_question_that_is_taken_back_is_forgotten(counter: Line, store: Store) -> None:
    user = counter.friend()
    counter.does(user, "say", text="xyzzy")
    eventually(lambda: open_questions(store), "the question")
    message_id = next(
        item["message"]["id"]
        for item in counter.simulator.friends[user].screen
        if item["from"] == "friend"
    )

    counter.does(user, "unsend", message_id=message_id)

    eventually(lambda: not open_questions(store), "the question to go")


def test_who_takes_over_sees_what_the_faq_has_tried(counter: Line, store: Store) -> None:
    counter.opens()
    user = counter.friend()
    counter.does(user, "say", text="ヘアカラーの値段")
    eventually(lambda: counter.texts(user), "what may be meant")

    counter.does(user, "say", text="xyzzy")
    eventually(lambda: store.read(lambda db: db.scalars(select(Handoff)).first()), "a person")

    reason = store.read(lambda db: db.scalars(select(Handoff)).one()).reason
    assert [tried["outcome"] for tried in reason["faq"]] == ["unsure", "unknown"]
    assert all("xyzzy" not in str(tried) for tried in reason["faq"])
