"""Strict delivery: pushes only, each with a key that was stored before the first try."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.unit import Store
from tests.bot.conftest import Line, eventually

pytestmark = pytest.mark.parametrize("counter", ["strict"], indirect=True)


def deliveries(store: Store) -> list[Delivery]:
    return store.read(lambda db: list(db.scalars(select(Delivery).order_by(col(Delivery.id)))))


def all_sent(store: Store, count: int = 1) -> bool:
    found = deliveries(store)
    return len(found) >= count and all(delivery.state == "sent" for delivery in found)


def pushes(counter: Line) -> list[tuple[int, str]]:
    calls = counter.calls("/message/push")
    return [(call["status"], call["headers"]["X-Line-Retry-Key"]) for call in calls]


def test_a_talk_goes_by_pushes_with_stored_keys_and_no_reply(counter: Line, store: Store) -> None:
    friend = counter.friend()
    for deed, words in (("follow", ""), ("say", "予約"), ("say", "カット")):
        known = len(counter.texts(friend))
        counter.does(friend, deed, text=words)
        eventually(lambda known=known: len(counter.texts(friend)) > known, f"{deed} {words}")
    eventually(lambda: all_sent(store), "the outcomes are written down")

    assert counter.calls("/message/reply") == []
    keys = [delivery.retry_key for delivery in deliveries(store)]
    assert pushes(counter) == [(200, key) for key in keys]
    assert len(set(keys)) == len(keys) >= 3
    assert {(d.mode, d.reply_token, d.tries) for d in deliveries(store)} == {("push", None, 1)}
    conversation = store.read(lambda db: db.scalars(select(Conversation)).one())
    assert conversation.free_reply_until is None, "no free reply is offered to operators either"


def test_the_intent_is_stored_before_line_is_called(
    counter: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, str | None, str]] = []
    show = counter.simulator.show

    def look(friend, item):
        if item["from"] == "account":
            delivery = deliveries(store)[-1]
            seen.append((delivery.state, delivery.tries, delivery.mode, delivery.retry_key))
        return show(friend, item)

    monkeypatch.setattr(counter.simulator, "show", look)
    friend = counter.friend()
    counter.does(friend, "say", text="予約")
    eventually(lambda: all_sent(store), "the outcome is written down")

    [delivery] = deliveries(store)
    assert set(seen) == {("sending", 1, "push", delivery.retry_key)}


# What goes wrong, and the statuses that LINE's log then has.
FAULTS = {
    "error": [500, 200],
    "error_after": [500, 409],
    "reset_before": [200],
    "reset_after": [200, 409],
    "rate": [429, 200],
}


def test_whatever_happens_to_a_push_it_arrives_once(counter: Line, store: Store) -> None:
    friends = {kind: counter.friend() for kind in FAULTS}
    for number, (kind, friend) in enumerate(friends.items(), 1):
        counter.post("faults", kind=kind, path="/message/push")
        counter.does(friend, "say", text="予約")
        eventually(lambda count=number: all_sent(store, count), f"{kind} is written down")

    for delivery, (kind, friend) in zip(deliveries(store), friends.items(), strict=True):
        log = [c for c in counter.calls("/message/push") if c["body"]["to"] == friend]
        assert [call["status"] for call in log] == FAULTS[kind]
        assert {c["headers"]["X-Line-Retry-Key"] for c in log} == {delivery.retry_key}
        assert not any(call["is_other_body"] for call in log), "the same key has the same body"
        assert len(counter.texts(friend)) == len(delivery.messages)
        taken = log[0] if FAULTS[kind][-1] == 409 else log[-1]
        assert delivery.line_request_id == taken["request_id"], "of the request LINE accepted"


def test_the_months_limit_keeps_a_push_until_the_plan_is_larger(
    counter: Line, store: Store
) -> None:
    counter.post("faults", kind="monthly", path="/message/push", times=1000)
    friend, other = counter.friend(), counter.friend()

    counter.does(friend, "say", text="予約")
    counter.does(other, "say", text="予約")

    def are_held() -> bool:
        return [delivery.held for delivery in deliveries(store)] == ["limit", "limit"]

    eventually(are_held, "the refusal is written down")
    tried = [status for status, _ in pushes(counter)]
    assert set(tried) == {429}
    assert len(tried) <= 4, "tried anew only after LINE's figures said that it may be"
    counter.mend()
    counter.passes(timedelta(minutes=16))
    eventually(lambda: all_sent(store, 2), "what was kept goes out")
    assert [len(counter.texts(one)) > 0 for one in (friend, other)] == [True, True]
