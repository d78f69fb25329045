"""Replies, pushes, multicasts and broadcasts: who gets what, once, and what LINE refuses."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.simulator.conftest import HELLO, KEY, Line

DAY_S = 24 * 3600.0


def test_a_reply_token_works_once(line: Line) -> None:
    user = line.friend()
    token = line.token(user)

    first, second = line.reply(token), line.reply(token)

    assert (first.status_code, second.status_code) == (200, 400)
    assert [sent["id"] for sent in first.json["sentMessages"]]
    assert second.json == {"message": "Invalid reply token"}
    assert line.shown(user) == 1
    assert line.reply("nobody-gave-this").json == {"message": "Invalid reply token"}


def test_a_reply_token_lives_for_a_minute_after_it_was_received(line: Line) -> None:
    user = line.friend()
    in_time, late = line.token(user), line.token(user)

    line.advance(60)
    assert line.reply(in_time).status_code == 200
    line.advance(0.001)
    assert line.reply(late).json == {"message": "Invalid reply token"}
    assert line.shown(user) == 1


def test_a_redelivery_gives_a_reply_token_another_minute_for_twenty_minutes(line: Line) -> None:
    user = line.friend()
    token = line.token(user)
    line.advance(19 * 60)

    assert line.does(user, "redeliver") == 200
    assert line.reply(token).status_code == 200
    assert line.does(user, "redeliver") == 200
    assert line.reply(token).status_code == 400, "a used token stays used"

    late = line.token(user)
    line.advance(20 * 60 + 1)
    line.does(user, "redeliver")
    assert line.reply(late).status_code == 400


def test_a_refused_body_leaves_the_reply_token_as_it_was(line: Line) -> None:
    token = line.token(line.friend())

    assert line.post("message/reply", replyToken=token, messages=[]).status_code == 400
    assert line.reply(token).status_code == 200


def test_a_reply_token_is_of_one_account_and_bears_no_retry_key(line: Line) -> None:
    token = line.token(line.friend())

    assert line.reply(token, account="other").json == {"message": "Invalid reply token"}
    assert line.reply(token, key=KEY).status_code == 400
    assert line.reply(token).status_code == 200


def test_a_retry_key_is_accepted_once_and_then_tells_what_was_accepted(line: Line) -> None:
    user = line.friend()

    first, again = line.push(user, key=KEY), line.push(user, key=KEY)

    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json["message"] == "The retry key is already accepted"
    assert again.json["sentMessages"] == first.json["sentMessages"]
    accepted = again.headers["x-line-accepted-request-id"]
    assert accepted == first.headers["x-line-request-id"] != again.headers["x-line-request-id"]
    assert line.shown(user) == 1
    assert line.get("message/quota/consumption").json == {"totalUsage": 1}


def test_a_retry_key_with_another_body_sends_nothing_and_the_log_tells_it(line: Line) -> None:
    user = line.friend()
    other = [{"type": "text", "text": "別の本文"}]

    line.push(user, key=KEY)
    line.push(user, key=KEY)
    answer = line.push(user, key=KEY, messages=other)

    assert answer.status_code == 409
    assert line.shown(user) == 1
    calls = [call for call in line.simulator.log if call["path"].endswith("push")]
    assert [call["is_other_body"] for call in calls] == [False, False, True]


def test_a_retry_key_is_forgotten_a_day_after_its_first_request(line: Line) -> None:
    user = line.friend()
    line.control("faults", kind="error", path="push")
    assert line.push(user, key=KEY).status_code == 500
    line.advance(DAY_S - 60)

    assert line.push(user, key=KEY).status_code == 200
    line.advance(60)
    assert line.push(user, key=KEY).status_code == 409
    line.advance(0.001)
    assert line.push(user, key=KEY).status_code == 200, "LINE takes it for a new request"
    assert line.shown(user) == 2


def test_a_retry_key_is_a_uuid_of_one_account_and_is_not_spent_on_a_refusal(line: Line) -> None:
    ours, theirs = line.friend(), line.friend(account="other")

    assert line.push(ours, key="once").status_code == 400
    assert line.push(ours, key=KEY, messages=[]).status_code == 400
    assert line.push(ours, key=KEY).status_code == 200
    assert line.push(theirs, key=KEY, account="other").status_code == 200
    assert (line.shown(ours), line.shown(theirs)) == (1, 1)


@pytest.mark.parametrize("path", ["multicast", "broadcast"])
def test_a_retry_key_serves_multicasts_and_broadcasts_too(line: Line, path: str) -> None:
    user = line.friend()
    body = {"messages": [HELLO]} | ({"to": [user]} if path == "multicast" else {})

    first = line.post(f"message/{path}", key=KEY, **body)
    again = line.post(f"message/{path}", key=KEY, **body)

    assert (first.status_code, first.json) == (200, {})
    assert (again.status_code, "sentMessages" in again.json) == (409, False)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert line.shown(user) == 1


def test_a_push_to_who_has_blocked_us_is_accepted_and_shown_to_nobody(line: Line) -> None:
    user = line.friend()
    token = line.token(user)
    line.does(user, "block")

    pushed, replied = line.push(user, key=KEY), line.reply(token)

    assert (pushed.status_code, replied.status_code) == (200, 200)
    assert len(pushed.json["sentMessages"]) == 1
    assert line.shown(user) == 0
    assert line.get("message/quota/consumption").json == {"totalUsage": 0}
    assert line.push(user, key=KEY).status_code == 409, "accepted is accepted"
    line.does(user, "follow")
    assert line.push(user).status_code == 200
    assert line.shown(user) == 1


def test_who_is_no_friend_is_reached_for_a_week_after_they_wrote(line: Line) -> None:
    stranger = line.friend(follows=False)

    assert line.push(stranger).status_code == 200
    assert line.shown(stranger) == 0
    line.does(stranger, "say", text="はじめまして")
    line.advance(7 * DAY_S)
    line.push(stranger)
    assert line.shown(stranger) == 1
    line.advance(1)
    assert line.push(stranger).status_code == 200
    assert line.shown(stranger) == 1


def test_a_push_to_nobody_of_ours_is_refused(line: Line) -> None:
    theirs = line.friend(account="other")

    for to in ("U" + "0" * 32, theirs, None):
        answer = line.push(to)  # type: ignore[arg-type] # a bot's mistake
        assert (answer.status_code, answer.json["message"]) == (400, "Failed to send messages")
    assert line.push(line.friend()).status_code == 200


def test_a_multicast_reaches_those_who_are_friends(line: Line) -> None:
    friend, blocker, theirs = line.friend(), line.friend(), line.friend(account="other")
    line.does(blocker, "block")
    to = [friend, blocker, theirs, "U" + "0" * 32]

    answer = line.post("message/multicast", to=to, messages=[HELLO])

    assert (answer.status_code, answer.json) == (200, {})
    assert [line.shown(user) for user in (friend, blocker, theirs)] == [1, 0, 0]
    for wrong in ([], [friend] * 501, friend):
        assert line.post("message/multicast", to=wrong, messages=[HELLO]).status_code == 400


def test_a_multicast_may_name_the_ids_that_nobody_has_and_then_nobody_gets_it(line: Line) -> None:
    friend = line.friend()
    to = ["U" + "0" * 32, friend, "U" + "9" * 32]
    line.control("faults", kind="strangers", times=2, path="multicast")

    answer = line.post("message/multicast", to=to, messages=[HELLO])
    assert answer.status_code == 400
    assert "to[0], to[2]" in answer.json["message"]
    assert line.shown(friend) == 0
    assert line.post("message/multicast", to=[friend], messages=[HELLO]).status_code == 200
    assert line.post("message/multicast", to=to, messages=[HELLO]).status_code == 200
    assert line.shown(friend) == 2


def test_a_broadcast_reaches_every_friend_of_the_account(line: Line) -> None:
    friends = [line.friend(), line.friend()]
    stranger, theirs = line.friend(follows=False), line.friend(account="other")
    line.does(stranger, "say", text="あ")

    assert line.post("message/broadcast", messages=[HELLO]).status_code == 200

    assert [line.shown(user) for user in (*friends, stranger, theirs)] == [1, 1, 0, 0]
    assert line.get("message/quota/consumption").json == {"totalUsage": 2}


def test_the_months_limit_counts_people_and_not_replies(line: Line) -> None:
    user, second = line.friend(), line.friend()
    assert line.get("message/quota").json == {"type": "none"}
    line.simulator.accounts["main"].plan_limit = 2

    assert line.get("message/quota").json == {"type": "limited", "value": 2}
    assert line.push(user, messages=[HELLO] * 5).status_code == 200
    over = line.post("message/multicast", to=[user, second], messages=[HELLO])
    assert (over.status_code, over.json) == (
        429,
        {"message": "You have reached your monthly limit."},
    )
    assert line.shown(second) == 0
    assert line.push(user, key=KEY).status_code == 200
    assert line.push(user, key=KEY).status_code == 409
    assert line.push(user).status_code == 429
    assert line.reply(line.token(user)).status_code == 200
    assert line.get("message/quota/consumption").json == {"totalUsage": 2}


def test_messages_are_checked_without_being_sent(line: Line) -> None:
    for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        path = f"message/validate/{kind}"
        assert line.post(path, messages=[HELLO]).status_code == 200
        assert line.post(path, messages=[]).status_code == 400
    assert line.post("message/validate/letter", messages=[HELLO]).status_code == 404


def test_whoever_has_no_token_of_ours_is_refused(line: Line) -> None:
    user = line.friend()

    assert line.push(user, account="wrong").status_code == 401
    client = line.app.test_client()
    assert client.get("/v2/bot/info").status_code == 401
    basic = {"Authorization": "Basic main-token"}
    assert client.get("/v2/bot/info", headers=basic).status_code == 401
    assert line.shown(user) == 0


def test_of_many_at_once_one_is_accepted(line: Line) -> None:
    user = line.friend()
    token = line.token(user)

    with ThreadPoolExecutor(16) as pool:
        pushed = list(pool.map(lambda _: line.push(user, key=KEY).status_code, range(32)))
        replied = list(pool.map(lambda _: line.reply(token).status_code, range(32)))

    assert (sorted(pushed), sorted(replied)) == ([200] + [409] * 31, [200] + [400] * 31)
    assert line.shown(user) == 2


def test_an_answer_quotes_what_stands_in_the_same_talk_alone(line: Line) -> None:
    user, stranger = line.friend(), line.friend()
    line.does(user, "say", text="いくらですか")
    said = line.simulator.friends[user].screen[-1]
    token = said["message"]["quoteToken"]
    answer = [{"type": "text", "text": "2,000円です", "quoteToken": token}]

    assert line.push(stranger, messages=answer).status_code == 400
    assert line.push(user, messages=answer).status_code == 200
    assert line.simulator.friends[user].screen[-1]["quoted"] == said["id"]


def test_pictures_are_fetched_over_https_or_from_the_simulators_own_machine(line: Line) -> None:
    user = line.friend()

    def picture(root: str) -> list[dict[str, str]]:
        urls = {"originalContentUrl": f"{root}/a.png", "previewImageUrl": f"{root}/b.png"}
        return [{"type": "image", **urls}]

    for root, status in (
        ("https://shop.example", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://shop.example", 400),
        ("http://127.0.0.1.shop.example", 400),
    ):
        assert line.push(user, messages=picture(root)).status_code == status, root


def test_what_can_be_quoted_is_answered_with_a_token_for_it(line: Line) -> None:
    user = line.friend()
    place = {
        "type": "location",
        "title": "あ",
        "address": "住",
        "latitude": 35.0,
        "longitude": 139.0,
    }

    sent = line.push(user, messages=[HELLO, place]).json["sentMessages"]

    assert sent[0]["quoteToken"]
    assert "quoteToken" not in sent[1]
