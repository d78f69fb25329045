"""Webhooks: their signature and shape, deliveries again, copies, and events out of their order."""

import json
from typing import Any

import pytest

from bot.signed_events import is_signed
from tests.bot.openapi import check, check_by_kind
from tests.bot.simulator.conftest import SECRET, Hook, Line

KINDS = ("sticker", "image", "video", "audio", "file", "location")
HAPPENINGS = ("beacon", "accountLink", "membership", "things", "videoPlayComplete")


def words(hook: Hook) -> list[list[str]]:
    """What was said, delivery by delivery."""
    return [[event["message"]["text"] for event in events] for events in hook.deliveries]


def say(line: Line, user: str, *texts: str) -> list[Any]:
    return [line.does(user, "say", text=text) for text in texts]


@pytest.fixture
def user(line: Line) -> str:
    """A friend whose follow is long past."""
    user = line.friend()
    line.hook.bodies.clear()
    line.hook.signatures.clear()
    return user


@pytest.mark.openapi
def test_every_webhook_is_one_that_line_describes(line: Line) -> None:
    user = line.friend()
    line.does(user, "block")
    line.does(user, "follow")
    line.does(user, "say", text="あ")
    line.does(user, "redeliver")
    line.does(user, "unsend", message_id=line.hook.events[-1]["message"]["id"])
    line.does(user, "tap", data="d", label="あ")
    for params in ({"date": "2026-12-01"}, {"time": "10:00"}, {"datetime": "2026-12-01T10:00"}):
        line.does(user, "pick", data="d", **params)
    for kind in KINDS:
        line.does(user, "send", message={"type": kind})
    line.does(user, "send", message={"type": "text", "text": "あ", "quotedMessageId": "1"})
    part = {"id": "s", "index": 1, "total": 1}
    line.does(user, "send", message={"type": "image", "imageSet": part})
    for kind in HAPPENINGS:
        line.does(user, "happen", event={"type": kind})

    assert len(line.hook.deliveries) == 18 + len(HAPPENINGS)
    for body in line.hook.bodies:
        check("webhook.yml", "CallbackRequest", json.loads(body))
    for event in line.hook.events:
        if event["type"] != "things":  # LINE Things came before these files, which leave it out
            check_by_kind("webhook.yml", "Event", event)
        check_by_kind("webhook.yml", "Source", event["source"])
        if event["type"] == "message":
            check_by_kind("webhook.yml", "MessageContent", event["message"])
    replyable = {e["type"] for e in line.hook.events if "replyToken" in e}
    assert replyable == {"follow", "message", "postback", *HAPPENINGS}
    with pytest.raises(Exception, match="mode"):
        check("webhook.yml", "UnfollowEvent", {"type": "unfollow"})


def test_a_delivery_is_signed_over_its_very_bytes(line: Line, user: str) -> None:
    say(line, user, "こんにちは")

    body, signature = line.hook.bodies[0], line.hook.signatures[0]
    assert is_signed(SECRET, body, signature)
    assert not is_signed(SECRET, body + b" ", signature)
    assert not is_signed("another-secret", body, signature)
    assert "こんにちは".encode() in body


def test_an_event_has_the_time_of_the_simulators_clock(line: Line, user: str) -> None:
    say(line, user, "あ")
    line.advance(3600)
    say(line, user, "い")

    first, second = line.hook.events
    assert second["timestamp"] - first["timestamp"] == 3_600_000
    assert second["webhookEventId"] != first["webhookEventId"]


def test_a_redelivery_is_the_same_event_and_says_that_it_is_one(line: Line, user: str) -> None:
    say(line, user, "あ")
    line.does(user, "redeliver")

    first, second = line.hook.events
    assert first["deliveryContext"] == {"isRedelivery": False}
    assert second == {**first, "deliveryContext": {"isRedelivery": True}}


def test_without_an_acknowledgement_line_delivers_again_when_that_is_on(
    line: Line, user: str
) -> None:
    line.hook.statuses[:] = [500]
    assert say(line, user, "あ") == [500]
    assert len(line.hook.events) == 1, "redelivery is off by default"

    line.control("faults", kind="redeliver", times=3)
    line.hook.statuses[:] = [500, 503]
    assert say(line, user, "い") == [200]
    assert [e["deliveryContext"]["isRedelivery"] for e in line.hook.events[1:]] == [
        False,
        True,
        True,
    ]
    assert len({event["webhookEventId"] for event in line.hook.events[1:]}) == 1
    assert say(line, user, "う") == [200]
    assert len(line.hook.events) == 5


def test_copies_are_the_same_event_not_called_a_redelivery(line: Line, user: str) -> None:
    line.control("faults", kind="copies", times=2)

    say(line, user, "あ", "い")

    assert words(line.hook) == [["あ"]] * 3 + [["い"]]
    assert line.hook.events[0] == line.hook.events[1] == line.hook.events[2]


def test_an_event_is_overtaken_by_the_next_one(line: Line, user: str) -> None:
    line.control("faults", kind="reorder")

    assert say(line, user, "あ", "い", "う") == [None, 200, 200]

    assert words(line.hook) == [["い"], ["あ"], ["う"]]
    second, first = line.hook.events[:2]
    assert first["timestamp"] <= second["timestamp"]
    assert line.reply(first["replyToken"]).status_code == 200


def test_several_events_come_in_one_delivery_the_newest_first(line: Line, user: str) -> None:
    line.control("faults", kind="reorder", times=2, together=True)

    say(line, user, "あ", "い", "う")

    assert words(line.hook) == [["う", "い", "あ"]]


def test_an_event_that_was_kept_back_comes_late_when_the_faults_are_cleared(
    line: Line, user: str
) -> None:
    line.control("faults", kind="reorder")
    say(line, user, "あ")
    assert line.hook.events == []

    line.advance(600)
    line.app.test_client().delete("/sim/v1/faults")

    assert words(line.hook) == [["あ"]]
    assert line.simulator.now() * 1000 - line.hook.events[0]["timestamp"] == 600_000


def test_the_accounts_do_not_keep_back_each_others_events(line: Line, user: str) -> None:
    other = line.friend(account="other")
    line.hook.bodies.clear()
    line.control("faults", kind="reorder", together=True)
    say(line, user, "あ")

    say(line, other, "い")
    assert words(line.hook) == [["い"]]
    line.app.test_client().delete("/sim/v1/faults")
    assert words(line.hook) == [["い"], ["あ"]]


def test_a_webhook_that_cannot_be_reached_has_no_status(line: Line, user: str) -> None:
    line.simulator.accounts["main"].webhook_url = "http://127.0.0.1:1/webhook"

    assert say(line, user, "あ") == [None]


def test_any_events_can_be_delivered_together(line: Line) -> None:
    source = {"type": "group", "groupId": "C" + "1" * 32}
    events = [{"type": "join", "source": source, "mode": "standby"}, {"type": "somethingNew"}]

    answer = line.control("accounts/main/events", events=events)

    assert answer.json == {"status": 200}
    [[join, new]] = line.hook.deliveries
    assert (join["mode"], join["source"], new["mode"]) == ("standby", source, "active")
    assert join["webhookEventId"] != new["webhookEventId"]
    assert is_signed(SECRET, line.hook.bodies[0], line.hook.signatures[0])


def test_a_text_that_its_sender_changes_keeps_its_id_and_gets_a_new_token(line: Line) -> None:
    """LINE's OpenAPI files do not have `messageEdited` yet; its shape is the SDK's."""
    user = line.friend()
    line.does(user, "say", text="土曜")
    said = line.hook.events[-1]["message"]

    line.does(user, "edit", message_id=said["id"], text="日曜")

    event = line.hook.events[-1]
    assert (event["type"], event["message"]["id"]) == ("messageEdited", said["id"])
    assert (event["message"]["text"], "replyToken" in event) == ("日曜", True)
    assert event["message"]["quoteToken"] != said["quoteToken"]
    line.does(user, "send", message={"type": "sticker"})
    sticker = line.hook.events[-1]["message"]["id"]
    for message_id, text in ((sticker, "あ"), (said["id"], ""), ("0", "あ")):
        refused = line.control(f"friends/{user}/edit", message_id=message_id, text=text)
        assert refused.status_code == 400
    assert line.control(f"friends/{user}/happen", event={"type": "rain"}).status_code == 400
    assert line.control(f"friends/{user}/send", message={"type": "text"}).status_code == 400
