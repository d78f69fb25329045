"""What operators send through the whole bot: taken back, for later, and what the month has left."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import post, quota, scheduled, taking_back
from storage.models.drafting import Scheduled
from storage.models.operators import Operator
from storage.models.talks import Conversation, Message
from storage.scheduled import Plan
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually


def a_talk(line: Line, store: Store) -> tuple[str, Operator, str]:
    """Somebody who has written, and who answers them."""
    user = line.friend()
    line.does(user, "say", text="人と話したい")
    eventually(lambda: _talks(store), "the talk begins")
    operator = store.write(lambda db: given.an_operator(db, line.now()))
    return user, operator, _talks(store)[0].id


def _talks(store: Store) -> list[Conversation]:
    return list(store.read(lambda db: db.exec(select(Conversation)).all()))


def send(line: Line, store: Store, operator: Operator, talk: str, text: str, undo_s: int) -> Any:
    hello = {"type": "text", "text": text}
    reply = replace(given.a_reply(text, force=True), messages=[hello], texts=[text], undo_s=undo_s)
    return store.write(lambda db: post.send(db, talk, operator, reply, line.now()))[0][0]


def test_what_is_taken_back_never_reaches_line_and_the_rest_comes_in_order(
    counter: Line, store: Store
) -> None:
    user, operator, talk = a_talk(counter, store)
    first = send(counter, store, operator, talk, "間違い", 30)
    send(counter, store, operator, talk, "一", 0)
    send(counter, store, operator, talk, "二", 1)

    store.write(lambda db: taking_back.take_back(db, first, operator, counter.now()))
    counter.passes(timedelta(seconds=2))

    eventually(lambda: counter.texts(user)[-2:] == ["一", "二"], "both arrive, in order")
    assert "間違い" not in counter.texts(user)


def test_a_scheduled_message_arrives_at_its_moment_and_a_stopped_one_does_not(
    counter: Line, store: Store
) -> None:
    user, operator, talk = a_talk(counter, store)
    at = counter.now() + timedelta(hours=1)

    def plan(db: Session) -> None:
        for name, stops in (("返信で止める", True), ("必ず送る", False)):
            messages = [{"type": "text", "text": name}]
            scheduled.schedule(
                db, talk, operator, Plan(name, messages, name, at, stops), counter.now()
            )

    store.write(plan)
    counter.does(user, "say", text="やっぱりやめます")
    stopped = select(Scheduled).where(Scheduled.state == "stopped")
    eventually(lambda: store.read(lambda db: db.exec(stopped).all()), "the reply stops one")
    assert "必ず送る" not in counter.texts(user)

    counter.passes(timedelta(hours=1))

    eventually(lambda: "必ず送る" in counter.texts(user), "the other arrives")
    assert "返信で止める" not in counter.texts(user)
    sent = select(Message).where(Message.client_msg_id == "必ず送る")
    assert store.read(lambda db: db.exec(sent).one()).operator_id == operator.id


def test_the_month_is_read_from_line_and_again_when_it_is_used_up(
    counter: Line, store: Store
) -> None:
    def row() -> dict[str, Any]:
        return store.read(lambda db: quota.quota_rows(db, ["main"]))[0]

    eventually(lambda: row()["kind"] == "none", "a plan without a limit is read")
    account = counter.simulator.accounts["main"]
    account.plan_limit, account.pushed = 200, 150
    counter.passes(timedelta(minutes=15))
    eventually(lambda: row()["left"] == 50, "a limit is read")

    account.pushed = 200
    user, operator, talk = a_talk(counter, store)
    counter.passes(timedelta(minutes=2))  # the free reply is over
    message = send(counter, store, operator, talk, "これは有料", 0)
    eventually(lambda: row()["left"] == 0, "the refusal has it read again")
    query = select(Message).where(Message.id == message.id)
    assert store.read(lambda db: db.exec(query).one()).delivery_id
    assert "これは有料" not in counter.texts(user)


@pytest.mark.openapi
def test_line_understands_how_the_quota_is_asked(counter: Line) -> None:
    eventually(lambda: counter.calls("/quota/consumption"), "the quota is asked")
    assert {call["status"] for call in counter.calls("/quota")} == {200}
