"""The control API: people and their phones, time, the page, and what it refuses."""

import json
from pathlib import Path

import pytest
from flask import Flask

from bot.simulator.app import create_app
from bot.simulator.state import SimAccount, Simulator
from tests.bot.simulator.conftest import NOW, SECRET, Line


def test_a_friend_has_a_phone_that_shows_each_message_once_in_order(line: Line) -> None:
    user = line.friend()
    line.does(user, "say", text="あ")
    line.push(user)
    line.does(user, "tap", data="d", label="はい")
    line.does(user, "tap", data="d")

    screen = line.app.test_client().get(f"/sim/v1/friends/{user}/screen").json
    assert [(item["from"], item["message"]["text"]) for item in screen] == [
        ("friend", "あ"),
        ("account", "こんにちは"),
        ("friend", "はい"),
    ]
    ids = [int(item["id"]) for item in screen]
    assert ids == sorted(set(ids))


def test_friendship_goes_and_comes_back(line: Line) -> None:
    user = line.friend(follows=False)

    def state() -> tuple[bool, bool]:
        [shown] = line.app.test_client().get("/sim/v1/friends").json
        return shown["is_friend"], shown["is_blocked"]

    assert state() == (False, False)
    line.does(user, "follow")
    assert state() == (True, False)
    assert line.hook.events[-1]["follow"] == {"isUnblocked": False}
    line.does(user, "block")
    assert state() == (True, True)
    assert line.hook.events[-1]["type"] == "unfollow"
    for deed in ("say", "send", "tap", "pick"):
        answer = line.control(f"friends/{user}/{deed}", text="あ", data="d", date="2026-12-01")
        assert answer.status_code == 400, "LINE lets nobody write to whom they block"
    line.does(user, "follow")
    assert line.hook.events[-1]["follow"] == {"isUnblocked": True}
    line.does(user, "say", text="あ")


def test_a_message_is_taken_back_by_whom_it_is_from(line: Line) -> None:
    user, other = line.friend(), line.friend()
    line.does(user, "say", text="あ")
    message_id = line.hook.events[-1]["message"]["id"]

    assert line.control(f"friends/{other}/unsend", message_id=message_id).status_code == 400
    line.does(user, "unsend", message_id=message_id)
    assert line.hook.events[-1]["unsend"] == {"messageId": message_id}
    screen = line.app.test_client().get(f"/sim/v1/friends/{user}/screen").json
    assert [item.get("unsent") for item in screen] == [True]


def test_time_moves_on_and_never_back(line: Line) -> None:
    assert line.control("clock", advance_s=90.5).json == {"now": NOW + 90.5}
    for wrong in (-1, "60", None, True, float("nan"), float("inf")):
        assert line.control("clock", advance_s=wrong).status_code == 400
    assert line.simulator.now() == NOW + 90.5


REFUSED = [
    ("accounts", {}),
    ("accounts", {"id": "main", "secret": "s", "token": "t", "webhook_url": 7}),
    ("accounts", {"id": "", "secret": "s", "token": "t", "webhook_url": "u"}),
    ("accounts", {"id": "a", "secret": "s", "token": "t", "webhook_url": "u", "plan_limit": "9"}),
    ("accounts", {"id": "a", "secret": "s", "token": "t", "webhook_url": "u", "plan_limit": -1}),
    ("accounts/nobody/events", {"events": []}),
    ("accounts/main/events", {"events": {}}),
    ("accounts/main/events", {"events": ["follow"]}),
    ("friends", {"account": "main"}),
    ("friends", {"account": "nobody", "name": "見本 花子"}),
    ("friends", {"account": "main", "name": 7}),
    ("friends/U0/say", {"text": "あ"}),
    ("friends/{user}/dance", {}),
    ("friends/{user}/say", {}),
    ("friends/{user}/say", {"text": ""}),
    ("friends/{user}/send", {}),
    ("friends/{user}/send", {"message": "image"}),
    ("friends/{user}/send", {"message": {"type": "flex"}}),
    ("friends/{user}/send", {"message": {"type": "image"}, "content_base64": "*"}),
    ("friends/{user}/pick", {"data": "d"}),
    ("friends/{user}/pick", {"data": "d", "date": "2026-12-01", "time": "10:00"}),
    ("friends/{user}/unsend", {}),
    ("friends/{user}/unsend", {"message_id": "1"}),
    ("clock", {}),
]


@pytest.mark.parametrize(("address", "body"), REFUSED)
def test_bad_input_is_refused_with_a_reason_and_does_nothing(
    line: Line, address: str, body: dict[str, object]
) -> None:
    user = line.friend()
    known = len(line.hook.bodies)

    answer = line.control(address.format(user=user), **body)

    assert (answer.status_code, bool(answer.json["message"])) == (400, True)
    assert len(line.hook.bodies) == known
    assert line.simulator.friends[user].screen == []


def test_what_is_no_json_is_refused(line: Line) -> None:
    for body in (b"", b"[]", b"not json"):
        answer = line.app.test_client().post("/sim/v1/faults", data=body)
        assert answer.status_code == 400


def test_an_account_that_is_given_again_keeps_its_identity(line: Line) -> None:
    user = line.friend()
    line.push(user)
    before = line.get("info").json["userId"]
    body = {"id": "main", "secret": "s2", "token": "main-token", "webhook_url": line.hook.url}

    assert line.control("accounts", **body, plan_limit=1).status_code == 201

    assert line.get("info").json["userId"] == before
    assert line.push(user).status_code == 429
    accounts = line.app.test_client().get("/sim/v1/accounts").json
    assert accounts == [{"id": "main"}, {"id": "other"}]


def test_the_page_sees_that_something_has_changed(line: Line) -> None:
    def revision() -> int:
        answer: int = line.app.test_client().get("/sim/v1/revision").json["revision"]
        return answer

    user = line.friend()
    before = revision()
    assert revision() == before
    line.push(user)
    assert revision() > before


def test_people_and_their_talks_outlive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "line.json"
    first = Simulator(file)
    first.add_account(SimAccount("main", SECRET, "main-token", "http://127.0.0.1:1/"))
    friend = first.add_friend("main", "見本 太郎")
    first.show(friend, {"from": "friend", "message": {"type": "text", "text": "あ"}})
    friend.wrote_at = 5.0
    first.changed()

    second = Simulator(file)

    assert second.friends == first.friends
    assert second.accounts == first.accounts
    assert json.loads(file.read_text())["friends"][0]["wrote_at"] == 5.0


def test_the_phone_is_a_page_that_runs_nothing_from_elsewhere(line: Line) -> None:
    framed = create_app(line.simulator, "http://127.0.0.1:8000")

    def policy(app: Flask, path: str) -> str:
        with app.test_client().get(path) as answer:
            assert answer.status_code == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            return answer.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy(line.app, "/phone/phone.js")
    assert "frame-ancestors 'none'" in policy(line.app, "/phone")
    assert "frame-ancestors http://127.0.0.1:8000" in policy(framed, "/phone")
    with line.app.test_client().get("/phone/../app.py") as outside:
        assert outside.status_code != 200


def test_what_is_not_built_is_told_whatever_the_method(line: Line) -> None:
    client = line.app.test_client()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = client.open("/v2/bot/richmenu/alias", method=method)
        assert answer.status_code == 501, method
        assert "/v2/bot/richmenu/alias" in answer.get_json()["message"]


def test_the_log_tells_of_each_call_when_and_what(line: Line) -> None:
    line.push(line.friend())

    (*_, entry) = line.app.test_client().get("/sim/v1/log").json
    assert {"time", "method", "path", "headers", "body", "status"} <= set(entry)
    assert "Authorization" not in entry["headers"]


def test_a_friend_says_only_texts(line: Line) -> None:
    path = f"/sim/v1/friends/{line.friend()}/say"
    for text in ("", 5, None, ["あ"]):
        assert line.app.test_client().post(path, json={"text": text}).status_code == 400
