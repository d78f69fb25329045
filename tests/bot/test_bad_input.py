"""What bad input gets at the webhook, and what happens to an event that makes the code raise."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import urllib3
from sqlalchemy import select

from bot import turn
from storage import arrivals
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually

HTTP = urllib3.PoolManager()


def post(url: str, body: bytes, secret: str = given.SECRET, **headers: str) -> int:
    signed = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    sent = {"x-line-signature": signed, **headers}
    return HTTP.request("POST", url, body=body, headers=sent).status


def test_the_webhook_refuses_in_its_order(counter: Line) -> None:
    url = counter.webhook_url
    events = json.dumps({"events": []}).encode()

    assert post(url, events) == 200
    assert post(url.replace("main", "nobody"), b"x" * 2_000_000) == 404
    assert post(url, b"x" * (1024 * 1024 + 1)) == 413
    assert post(url, b"not json", secret="wrong") == 401
    assert post(url, b"not json") == 400


def test_what_json_says_and_no_database_keeps_is_kept_as_far_as_it_goes(
    counter: Line, store: Store
) -> None:
    user = counter.friend()
    event = given.a_text_event("ODD", 7, user)
    body = json.dumps({"events": [event]}).replace("ODD", "a\\u0000b\\ud83d").encode()
    location = b'{"events": [{"type": "message", "message": {"latitude": %s}}]}'

    assert post(counter.webhook_url, body) == 200
    assert post(counter.webhook_url, location % b"NaN") == 400
    assert post(counter.webhook_url, location % b"1e999") == 400
    assert post(counter.webhook_url, location % b"35.5") == 200

    def said() -> list[str | None]:
        return store.read(lambda db: [line.text for line in db.scalars(select(Message))])

    eventually(lambda: "a\ufffdb\ufffd" in said(), "the line in the talk")


def test_an_event_that_comes_twice_is_done_once(counter: Line, store: Store) -> None:
    user = counter.friend()
    counter.post("faults", kind="copies", times=3)

    counter.does(user, "say", text="予約")
    eventually(lambda: counter.texts(user), "the first question")

    lines = store.read(lambda db: list(db.scalars(select(Message))))
    assert sum(line.sender == "customer" for line in lines) == 1
    assert len(counter.texts(user)) == 1


def test_a_poison_event_is_set_aside_shown_and_blocks_nobody(
    counter: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = turn.hear

    def hear(event: dict[str, Any], now: Any) -> Any:
        if event.get("message", {}).get("text") == "毒":
            raise RuntimeError("a mistake of ours")
        return real(event, now)

    monkeypatch.setattr(turn, "hear", hear)
    monkeypatch.setattr(arrivals, "MAX_TRIES", 3)  # the waits between more are long
    sick, well = counter.friend("見本 病"), counter.friend("見本 元気")

    counter.does(sick, "say", text="毒")
    counter.does(well, "say", text="予約")
    eventually(lambda: counter.texts(well), "the other customer is answered")

    def aside() -> Arrival | None:
        return store.read(
            lambda db: db.scalars(select(Arrival).where(Arrival.state == "aside")).first()
        )

    arrival = eventually(aside, "the poison event is set aside")
    assert arrival.tries == 3, "each try is counted once, whichever loop made it"
    talk = store.read(
        lambda db: db.scalars(select(Conversation).where(Conversation.trouble.is_not(None))).one()
    )
    assert talk.status == "waiting"
    assert talk.trouble == "RuntimeError", "its words may be the customer's"
    counter.does(sick, "say", text="予約")
    eventually(lambda: counter.texts(sick), "the same customer is answered again")


def test_an_answer_whose_fate_is_unknown_is_tried_again_and_comes_once(
    counter: Line, store: Store
) -> None:
    user = counter.friend()
    counter.post("faults", kind="error", path="/message/reply", times=2)

    counter.does(user, "say", text="予約")
    eventually(lambda: counter.texts(user), "the first question")

    def answers() -> list[int]:
        return [call["status"] for call in counter.calls("/message/reply")]

    eventually(lambda: answers() == [500, 500, 200], "the third call is written down")
    assert len(counter.texts(user)) == 1
    assert counter.calls("/message/push") == []

    def is_sent() -> bool:
        states = store.read(lambda db: list(db.scalars(select(Delivery.state))))
        return states == ["sent"]

    eventually(is_sent, "the outcome is written down")
