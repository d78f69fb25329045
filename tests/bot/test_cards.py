"""Cards (LINE's flex messages) as friends meet them: said by a flow, and as a question's choices."""

from typing import Any

from bot.simulator.app import LOOKS
from tests.bot.conftest import Line, eventually

VISIT = """\
flow: visit
title: 来店の目的
start: [{keyword: 来店}]
steps:
  - ask: 何をご希望ですか?
    id: wish
    choices: [カット, カラー]
    input: flex
    timeout: {after: 1h}
  - say: "{{answer.wish}}ですね"
  - end: done
"""


def card_of(counter: Line, user: str) -> dict[str, Any]:
    """The newest card on a friend's phone."""
    messages = [item["message"] for item in counter.simulator.friends[user].screen]
    cards = [message for message in messages if message["type"] == "flex"]
    return cards[-1] if cards else {}


def test_a_card_comes_as_line_describes_it_and_its_button_goes_on(counter: Line) -> None:
    user = counter.friend("見本 花子")

    counter.does(user, "say", text="料金表")
    card = eventually(lambda: card_of(counter, user), "the card")
    texts = card["contents"]["body"]["contents"]
    action = card["contents"]["footer"]["contents"][0]["action"]
    counter.does(user, "say", text=action["text"])
    eventually(lambda: any("メニュー" in text for text in counter.texts(user)), "the booking")

    assert card["altText"] == "料金表をお送りしました"
    assert texts[1]["text"] in {
        f"{who}、ご予約をお待ちしています" for who in ("見本 花子さん", "お客様")
    }
    assert texts[1]["wrap"] is True
    assert [call["status"] for call in counter.calls("reply")] == [200, 200]


def test_choices_on_a_card_are_tapped_like_quick_replies(counter: Line) -> None:
    counter.publish(visit=VISIT)
    user = counter.friend()

    counter.does(user, "say", text="来店")
    card = eventually(lambda: card_of(counter, user), "the question")
    buttons = [button["action"] for button in card["contents"]["footer"]["contents"]]
    counter.does(user, "tap", data=buttons[1]["data"], label=buttons[1]["displayText"])
    eventually(lambda: "カラーですね" in counter.texts(user), "the answer")

    assert [button["label"] for button in buttons] == ["カット", "カラー"]


def test_the_phone_draws_cards_with_the_file_that_the_console_draws_them_with(
    counter: Line,
) -> None:
    page = counter.app.test_client()

    with page.get("/phone/card.js") as drawn:
        script = drawn.data

    assert script == (LOOKS / "card.js").read_bytes()
    assert "javascript" in drawn.headers["Content-Type"]
