"""Stickers that staff send: those of LINE's list, and no other, on both databases."""

from typing import Any

import pytest

from flows.line.stickers import SENDABLE, is_sendable
from storage.models.talks import Message
from tests.console.conftest import Browser, SignIn
from tests.console.test_uploads import rows_of, send

OF_MOON = {"type": "sticker", "packageId": "446", "stickerId": "1988"}


def test_a_sticker_of_the_list_is_sent_and_another_one_is_refused_by_name(
    sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    sent = send(browser, talk, [OF_MOON])
    others = [
        send(browser, talk, [{**OF_MOON, **change}], f"c{number}")
        for number, change in enumerate(
            ({"stickerId": "2028"}, {"stickerId": "1987"}, {"packageId": "1"}, {"packageId": "789"})
        )
    ]
    no_digits = send(browser, talk, [{**OF_MOON, "stickerId": "１９８８"}], "c9")

    assert (sent.status_code, sent.get_json()["kind"]) == (201, "sticker")
    for refused in others:
        error = refused.get_json()["error"]
        assert (refused.status_code, error["code"]) == (400, "sticker_not_sendable")
        assert "このスタンプは送れません" in error["message"]
    assert no_digits.get_json()["error"]["code"] == "bad_request"


def test_a_sticker_quotes_a_line_and_leaves_that_to_words_beside_it(
    house: Any, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    def quoting(client_id: str, *messages: dict[str, Any]) -> Any:
        body = {"client_msg_id": client_id, "seen_seq": 99, "messages": messages, "quoted_seq": 1}
        return browser.call("POST", f"/conversations/{talk}/messages", body)

    alone = quoting("c1", OF_MOON)
    beside = quoting("c2", OF_MOON, {"type": "text", "text": "はい"})
    place = {"type": "location", "title": "見本", "address": "見本", "latitude": 1, "longitude": 1}
    refused = quoting("c3", place)

    assert alone.get_json()["content"] == {**OF_MOON, "quoteToken": "q"}
    assert beside.status_code == 201
    tokens = [m.content.get("quoteToken") for m in rows_of(house, Message) if m.operator_id]
    assert tokens == ["q", None, "q"]
    assert refused.status_code == 400


def test_the_same_sticker_of_the_same_id_is_sent_once(
    house: Any, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    answers = [send(browser, talk, [OF_MOON]) for _ in range(2)]

    assert [one.status_code for one in answers] == [201, 200]
    assert len([m for m in rows_of(house, Message) if m.kind == "sticker"]) == 1


def test_a_sticker_waits_for_its_moment_like_words(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()

    def plan(client_id: str, message: dict[str, Any]) -> Any:
        return browser.post(
            f"/conversations/{talk}/scheduled", client_msg_id=client_id, messages=[message],
            send_at="2026-12-01T01:00:00Z", stops_on_reply=False,
        )  # fmt: skip

    assert plan("c1", OF_MOON).status_code == 201
    refused = plan("c2", {**OF_MOON, "stickerId": "1"})
    assert refused.get_json()["error"]["code"] == "sticker_not_sendable"


def test_the_list_has_every_package_once_and_no_sticker_in_two() -> None:
    ids = [one for stickers in SENDABLE.values() for one in stickers]

    assert len(ids) == len(set(ids)) == 456
    assert {len(stickers) for stickers in SENDABLE.values()} == {24, 40}
    assert is_sendable(OF_MOON)


@pytest.mark.parametrize("role", ["viewer"])
def test_who_may_not_answer_sends_no_sticker(sign_in: SignIn, talk: str, role: str) -> None:
    browser: Browser = sign_in(role)

    assert send(browser, talk, [OF_MOON]).status_code == 403
