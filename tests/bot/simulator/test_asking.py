"""What a bot may ask: profiles, files, itself, the quota, the loading animation."""

import base64

from tests.bot.simulator.conftest import Line


def test_a_profile_is_for_friends_and_for_those_who_wrote(line: Line) -> None:
    friend, stranger = line.friend(), line.friend(follows=False)

    assert line.get(f"profile/{friend}").json == {
        "displayName": "見本 花子",
        "userId": friend,
        "language": "ja",
    }
    assert line.get(f"profile/{stranger}").status_code == 404
    line.does(stranger, "say", text="あ")
    assert line.get(f"profile/{stranger}").status_code == 200


def test_a_profile_is_not_found_for_blockers_strangers_and_other_accounts(line: Line) -> None:
    friend = line.friend()
    line.does(friend, "block")

    assert line.get(f"profile/{friend}").json == {"message": "Not found"}
    assert line.get("profile/U0").status_code == 404
    line.does(friend, "follow")
    assert line.get(f"profile/{friend}").status_code == 200
    assert line.get(f"profile/{friend}", account="other").status_code == 404


def sent(line: Line, user: str, kind: str, **more: str) -> str:
    line.does(user, "send", message={"type": kind}, **more)
    message_id: str = line.hook.events[-1]["message"]["id"]
    return message_id


def test_a_video_is_prepared_before_it_can_be_had(line: Line) -> None:
    user = line.friend()
    video, picture = sent(line, user, "video"), sent(line, user, "image")

    assert line.get(f"message/{picture}/content").status_code == 200
    assert line.get(f"message/{video}/content").status_code == 202
    line.advance(1)
    answer = line.get(f"message/{video}/content")
    assert (answer.status_code, bool(answer.data)) == (200, True)


def test_a_file_that_was_taken_back_is_gone_and_others_are_not_found(line: Line) -> None:
    user = line.friend()
    picture = sent(line, user, "image")
    line.does(user, "say", text="あ")
    words = line.hook.events[-1]["message"]["id"]

    assert line.get(f"message/{words}/content").status_code == 404
    assert line.get("message/0/content").status_code == 404
    assert line.get(f"message/{picture}/content", account="other").status_code == 404
    line.does(user, "unsend", message_id=picture)
    gone = line.get(f"message/{picture}/content")
    assert (gone.status_code, gone.json) == (410, {"message": "The content is gone"})


def test_every_kind_of_file_has_its_bytes(line: Line) -> None:
    user = line.friend()
    given = base64.b64encode(b"<html>").decode()
    page = sent(line, user, "image", content_base64=given, mime="image/png")
    kinds = {kind: sent(line, user, kind) for kind in ("image", "audio", "file")}

    line.advance(1)
    answers = {kind: line.get(f"message/{id_}/content") for kind, id_ in kinds.items()}
    assert answers["image"].data.startswith(b"\x89PNG")
    assert answers["audio"].data.startswith(b"RIFF")
    assert "見本" in answers["file"].data.decode()
    own = line.get(f"message/{page}/content")
    assert (own.data, own.mimetype) == (b"<html>", "image/png")


def test_a_bot_may_ask_who_it_is(line: Line) -> None:
    info = line.get("info").json

    assert info["userId"] == line.simulator.accounts["main"].bot_user_id
    assert info["chatMode"] == "bot"


def test_the_loading_animation_wants_its_seconds_in_fives(line: Line) -> None:
    def start(**more: object) -> tuple[int, object]:
        answer = line.post("chat/loading/start", chatId="U0", **more)
        return answer.status_code, answer.json.get("message")

    assert start() == (202, None)
    assert start(loadingSeconds=60) == (202, None)
    assert start(loadingSeconds=61) == (400, "Must be between 5 and 60")
    assert start(loadingSeconds="5") == (400, "Must be between 5 and 60")
    assert start(loadingSeconds=7) == (400, "must be a multiple of five")


def test_what_the_simulator_does_not_have_is_said_and_logged(line: Line) -> None:
    answer = line.post("richmenu", size={})

    assert answer.status_code == 501
    assert "/v2/bot/richmenu" in answer.json["message"]
    assert line.simulator.log[-1]["status"] == 501


def test_the_log_has_every_call_and_no_secret(line: Line) -> None:
    user = line.friend()
    answer = line.push(user)

    entry = line.app.test_client().get("/sim/v1/log").json[-1]
    assert entry["request_id"] == answer.headers["x-line-request-id"]
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/v2/bot/message/push", 200)  # fmt: skip
    assert entry["body"]["to"] == user
    assert "main-token" not in str(line.simulator.log)
