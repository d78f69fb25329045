"""A customer's talk, from LINE's webhook to the phone and into the memory, on both databases."""

from sqlalchemy import select

from storage.models.talks import Conversation, Message
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
