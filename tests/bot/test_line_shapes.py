"""What goes to LINE and what comes from it, held against LINE's own OpenAPI files."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import hear
from bot.signed_events import is_signed, parse_events
from flows.language.effects import Bubble, Option, Picker
from flows.language.events import Said, Sent, Tapped
from flows.line.limits import count_graphemes, count_units, cut_graphemes, split_text
from flows.line.render import render_bubble, render_bubbles
from storage.unit import Store
from tests.bot.conftest import Line, eventually
from tests.bot.openapi import check_by_kind, check_request

pytestmark = pytest.mark.openapi
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CARD = '{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"カット"}]}}'
BUBBLES = [
    Bubble("こんにちは"),
    Bubble("色は?", tuple(Option(f"選択{n}", f"f=1.1&s=1&v={n}") for n in range(13))),
    Bubble("どれ?", (Option("はい", "f=1&s=1&v=0"),), look="buttons"),
    Bubble("いつ?", (), Picker("datetime", "f=1&s=1&v=pick", "日時を選ぶ", None, "2026-12-01T10:00")),
    Bubble("写真は?", (), Picker("image", "d", "写真を送る")),
    Bubble("場所は?", (), Picker("location", "d", "場所を送る")),
    Bubble("長い" * 4000),
    Bubble("料金表", flex=CARD),
    Bubble("料金表", (Option("はい", "f=1&s=1&v=0"),), look="flex", flex=CARD),
    Bubble("どれ?", tuple(Option(f"選択{n}", f"f=1.1&s=1&v={n}") for n in range(13)), look="flex"),
    Bubble("いつ?", (Option("なし", "d"),), Picker("date", "d", "日を選ぶ", None, "2026-12-01"), look="flex"),
    Bubble("写真は?", (), Picker("image", "d", "写真を送る"), look="flex"),
    Bubble("長" * 5000, (Option("はい", "f=1&s=1&v=0"),), look="flex"),
]  # fmt: skip


@pytest.mark.parametrize("bubble", BUBBLES)
def test_every_bubble_is_a_message_that_line_describes(bubble: Bubble) -> None:
    messages = render_bubble(bubble)

    assert messages
    check_request("/v2/bot/message/reply", {"replyToken": "t", "messages": messages[:5]})
    with pytest.raises((jsonschema.ValidationError, AssertionError)):
        check_request("/v2/bot/message/reply", {"replyToken": "t", "messages": [{"type": "text"}]})


def test_a_question_is_a_card_only_where_line_can_show_all_of_it_there() -> None:
    option = (Option("はい", "f=1&s=1&v=0"),)
    place, day = Picker("location", "d", "場所を送る"), Picker("date", "d", "日を選ぶ")
    asked = [
        Bubble("どれ?", option, look="flex"),
        Bubble("いつ?", (), day, look="flex"),
        Bubble("どこ?", (), place, look="flex"),
        Bubble("長" * 20_000, option, look="flex"),
        Bubble("料金表", option, look="flex", flex=CARD),
    ]

    shown = [render_bubble(bubble) for bubble in asked]

    assert [messages[-1]["type"] for messages in shown] == ["flex", "flex", "text", "text", "flex"]
    assert ["quickReply" in messages[-1] for messages in shown] == [False, False, True, True, True]
    button = shown[0][0]["contents"]["footer"]["contents"][0]
    assert button["action"] == {
        "type": "postback",
        "label": "はい",
        "data": "f=1&s=1&v=0",
        "displayText": "はい",
    }


def test_every_request_of_a_real_talk_is_one_that_line_describes(
    counter: Line, store: Store
) -> None:
    user = counter.friend()
    counter.does(user, "follow")
    eventually(lambda: len(counter.texts(user)) >= 2, "the welcome")
    for text in ("はじめて", "20代", "カラー", "決定"):
        known = len(counter.texts(user))
        counter.does(user, "say", text=text)
        eventually(lambda known=known: len(counter.texts(user)) > known, text)

    calls = [c for c in counter.simulator.log if c["method"] == "POST"]
    assert len(calls) >= 5
    for call in calls:
        check_request(call["path"], call["body"])
        assert call["status"] == 200
        assert ("X-Line-Retry-Key" in call["headers"]) is call["path"].endswith("push")


def test_the_simulators_own_webhooks_are_ones_that_line_describes(counter: Line) -> None:
    user = counter.friend()
    sent: list[dict] = []
    account = counter.simulator.accounts["main"]
    sign = type(account).sign

    def keep(self, body: bytes) -> str:
        sent.extend(json.loads(body)["events"])
        return sign(self, body)

    type(account).sign = keep
    try:
        counter.does(user, "follow")
        counter.does(user, "say", text="あ")
        counter.does(user, "tap", data="d", label="あ")
        counter.does(user, "pick", data="d", date="2026-12-01")
        for kind in ("sticker", "image", "video", "audio", "file", "location"):
            counter.does(user, "send", message={"type": kind})
        own = next(i for i in counter.simulator.friends[user].screen if i["from"] == "friend")
        counter.does(user, "unsend", message_id=own["id"])
        counter.does(user, "block")
    finally:
        type(account).sign = sign

    assert len(sent) == 12
    for event in sent:
        check_by_kind("webhook.yml", "Event", event)
        if event["type"] == "message":
            check_by_kind("webhook.yml", "MessageContent", event["message"])


def test_the_signature_is_the_one_of_lines_documentation() -> None:
    secret = "8c570fa6dd201bb328f1c1eac23a96d8"
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    signature = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="

    assert is_signed(secret, body, signature)
    for at in range(len(body)):
        mutated = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert not is_signed(secret, mutated, signature)
    assert not is_signed(secret, body, "")
    assert not is_signed(secret, body, "あ")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_no_json_makes_the_webhook_or_the_reader_fail(tree: object) -> None:
    events = parse_events(json.dumps({"events": [tree]}).encode())
    assert (events is None) is not isinstance(tree, dict)
    for event in events or []:
        hear(event, NOW)
    assert parse_events(b"not json") is None
    assert parse_events(b'{"events": 1}') is None


def test_each_kind_of_event_is_heard_for_what_it_is() -> None:
    text = hear({"type": "message", "message": {"type": "text", "id": "1", "text": "あ"}}, NOW)
    image = hear({"type": "message", "message": {"type": "image", "id": "2"}}, NOW)
    tap = hear(
        {"type": "postback", "postback": {"data": "d", "params": {"date": "2026-12-01"}}}, NOW
    )
    odd = hear({"type": "somethingNew", "replyToken": "secret", "x": 1}, NOW)

    assert text.event == Said("あ")
    assert image.event == Sent("image", "2")
    assert tap.event == Tapped("d", {"date": "2026-12-01"})
    assert (odd.incoming.kind, odd.event) == ("somethingNew", None)
    assert "replyToken" not in odd.incoming.content


def test_a_long_text_is_cut_where_a_sentence_ends() -> None:
    assert split_text("あいう。えお。かきく。けこ", 9) == ["あいう。えお。", "かきく。けこ"]
    assert split_text("「あいう。」えおかきくけこ", 9) == ["「あいう。」", "えおかきくけこ"]
    assert split_text("あ。いうえおかきくけこ", 9) == ["あ。いうえおかきく", "けこ"]
    assert split_text("a. bcdefghij", 9) == ["a. bcdefg", "hij"]
    assert split_text("abcde. fghij", 9) == ["abcde. ", "fghij"]
    assert split_text("👨‍👩‍👧" * 2, 9) == ["👨‍👩‍👧", "👨‍👩‍👧"], "eight units each, and never inside"
    assert [count_units(p) for p in split_text("e" + "\u0301" * 20, 9)] == [9, 9, 3]


@given(st.text())
def test_texts_are_split_between_signs_and_lose_nothing(text: str) -> None:
    pieces = split_text(text, 8)

    assert "".join(pieces) == text
    assert all(0 < count_units(p) <= 8 for p in pieces)
    assert all(not "\udc00" <= p[0] <= "\udfff" for p in pieces)
    assert count_graphemes(cut_graphemes(text, 5)) <= 5
    assert render_bubbles([]) == []
