"""A flow that staff kept waiting for more than a day says nothing, and the talk tells it."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from storage import journal
from storage.models.flows import Run
from storage.models.talks import Message
from storage.unit import Store
from tests import given
from tests.shop import Shop

VISIT = """
flow: visit
title: ご来店のあと
start: [{keyword: 来店}]
steps:
  - say: ありがとうございました
  - wait: 1h
    id: hour
  - say: いかがでしたか
  - end: done
"""


def test_staff_see_that_a_flow_ended_without_sending(store: Store, now: datetime) -> None:
    operator = store.write(lambda db: given.an_operator(db, now))
    store.write(lambda db: given.an_account(db, now))
    shop = Shop(store, now)
    shop.publish({"visit.yaml": VISIT})
    late, soon = given.USER, "U" + "8" * 32
    for user, length in ((soon, timedelta(hours=9)), (late, timedelta(days=2))):
        shop.says("来店", user)
        shop.takes(operator, user)
        shop.passes(timedelta(hours=2))
        shop.passes(length)
        shop.resolves(operator, user)

    assert shop.texts(soon) == ["ありがとうございました", "いかがでしたか"]
    assert shop.texts(late) == ["ありがとうございました"]
    talk = shop.talk(late)
    lines = select(Message).where(
        Message.conversation_id == talk.id, col(Message.sender) == "system"
    )
    told = store.read(lambda db: [line.content for line in db.exec(lines)])
    assert [one for one in told if one["activity"] == "kept_back"] == [
        {"activity": "kept_back", "title": "ご来店のあと"}
    ]
    kept_back = select(Run).where(col(Run.conversation_id) == talk.id)
    assert store.read(lambda db: db.exec(kept_back).one()).end == "kept_back"
    kinds = [entry.kind for entry in store.read(lambda db: journal.tail(db, "main", 0)).entries]
    assert kinds.count("conversation.kept_back") == 1
