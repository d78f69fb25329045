"""Events at the edge: of groups and rooms, in standby, of kinds that nobody knows; taken back; blocked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from storage.models.people import Friend
from storage.models.talks import Conversation, Media, Message
from storage.models.work import Arrival, Delivery
from storage.post import send
from storage.refusals import FriendHasBlocked
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually

GROUP = {"type": "group", "groupId": "C" + "1" * 32, "userId": "U" + "2" * 32}
ROOM = {"type": "room", "roomId": "R" + "1" * 32}
TEXT = {"type": "text", "id": "1", "text": "予約", "quoteToken": "q"}


def lines(store: Store) -> list[Message]:
    return store.read(lambda db: list(db.scalars(select(Message).order_by(col(Message.seq)))))


def talk(store: Store) -> Conversation:
    return store.read(lambda db: db.scalars(select(Conversation)).one())


def all_done(store: Store, count: int) -> bool:
    """Whether so many events have been through their turn."""
    outside = select(Arrival).where(col(Arrival.is_inside).is_(False))
    found = store.read(lambda db: list(db.scalars(outside)))
    return len(found) == count and all(arrival.state == "done" for arrival in found)


def user(user_id: str) -> dict[str, Any]:
    return {"source": {"type": "user", "userId": user_id}}


def test_groups_rooms_and_nobody_are_kept_and_never_answered(counter: Line, store: Store) -> None:
    token = {"replyToken": "0" * 32}
    sent = [
        counter.event("message", source=GROUP, message=TEXT, **token),
        counter.event("message", source=ROOM, message=TEXT, **token),
        counter.event("join", source=GROUP, **token),
        counter.event("leave", source=GROUP),
        counter.event("memberJoined", source=GROUP, joined={"members": [GROUP]}, **token),
        counter.event("memberLeft", source=ROOM, left={"members": []}),
        counter.event("postback", source=GROUP, postback={"data": "f=1&s=1&v=0"}, **token),
        counter.event("unsend", source=GROUP, unsend={"messageId": "1"}),
        counter.event("message", source={"type": "user"}, message=TEXT, **token),
        counter.event("accountLink", link={"result": "failed", "nonce": "n"}),
    ]

    assert sent == [200] * 10
    eventually(lambda: all_done(store, 10), "every event has had its turn")
    assert lines(store) == []
    assert store.read(lambda db: list(db.scalars(select(Friend)))) == []
    assert counter.said_to_line() == []
    kept = store.read(lambda db: {arrival.kind for arrival in db.scalars(select(Arrival))})
    assert {"join", "leave", "memberJoined", "accountLink"} <= kept

    friend = counter.friend()
    counter.does(friend, "say", text="予約")
    eventually(lambda: counter.texts(friend), "a friend is answered all the same")


def test_in_standby_somebody_else_answers(counter: Line, store: Store) -> None:
    friend = counter.friend()

    counter.event("message", mode="standby", message=TEXT, **user(friend))
    counter.event("follow", mode="standby", follow={"isUnblocked": False}, **user(friend))
    eventually(lambda: all_done(store, 2), "both events have had their turn")

    assert lines(store) == []
    assert counter.said_to_line() == []
    counter.does(friend, "say", text="予約")
    eventually(lambda: counter.texts(friend), "active again, the bot answers")


UNKNOWN: list[tuple[str, dict[str, Any]]] = [
    ("videoPlayComplete", {"videoPlayComplete": {"trackingId": "t"}}),
    ("beacon", {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}}),
    ("accountLink", {"link": {"result": "ok", "nonce": "n"}}),
    ("membership", {"membership": {"type": "joined", "membershipId": 3189}}),
    ("somethingNew", {"surprise": {"depth": [1, {"two": None}]}}),
    ("x" * 300, {}),
]


def test_an_unknown_kind_gets_its_line_and_stops_nothing(counter: Line, store: Store) -> None:
    friend = counter.friend()

    for kind, fields in UNKNOWN:
        counter.event(kind, replyToken="secret", **fields, **user(friend))
    counter.does(friend, "say", text="予約")
    eventually(lambda: counter.texts(friend), "what comes after them is answered")

    own = [line for line in lines(store) if line.sender == "customer"][:-1]
    for line, (kind, fields) in zip(own, UNKNOWN, strict=True):
        assert line.kind == kind[:40]
        assert fields.items() <= line.content.items()
        assert "replyToken" not in line.content
    assert talk(store).trouble is None


def test_an_unknown_message_gets_its_line(counter: Line, store: Store) -> None:
    friend = counter.friend()
    messages: list[dict[str, Any]] = [{"type": "hologram", "id": "5", "depth": 3}, {"id": "6"}, {}]

    for message in messages:
        counter.event("message", message=message, **user(friend))
    eventually(lambda: all_done(store, 3), "each has had its turn")

    own = [line for line in lines(store) if line.sender == "customer"]
    assert [line.kind for line in own] == ["hologram", "unknown", "unknown"]
    assert [line.content for line in own] == messages


def test_a_message_that_is_taken_back_is_erased_and_its_line_stays(
    counter: Line, store: Store
) -> None:
    friend = counter.friend()
    counter.does(friend, "say", text="予約")
    counter.does(friend, "send", message={"type": "image"})

    def is_ready() -> bool:
        return store.read(lambda db: [m.state for m in db.scalars(select(Media))]) == ["ready"]

    eventually(is_ready, "the picture is here")
    own = [i["id"] for i in counter.simulator.friends[friend].screen if i["from"] == "friend"]
    for message_id in own:
        counter.does(friend, "unsend", message_id=message_id)
    eventually(lambda: all_done(store, 4), "both are taken back")

    back = [line for line in lines(store) if line.sender == "customer"]
    assert [(line.text, line.content, line.unsent_at is None) for line in back] == [
        (None, {}, False),
        (None, {}, False),
    ]

    def is_gone() -> bool:
        media = store.read(lambda db: db.scalars(select(Media)).one())
        return (media.state, media.sha256, media.file_name) == ("unsent", None, None)

    eventually(is_gone, "the file is deleted")
    assert talk(store).unseen_count == 2, "taking back is no news to answer"
    assert "予約" not in str([line.content for line in back])


def test_an_unsend_that_overtakes_its_message_still_counts(counter: Line, store: Store) -> None:
    friend = counter.friend()
    counter.event("unsend", unsend={"messageId": "77"}, **user(friend))
    message = {**TEXT, "id": "77", "text": "秘密"}
    counter.event("message", message=message, **user(friend))
    eventually(lambda: all_done(store, 2), "both have had their turn")

    own = [line for line in lines(store) if line.sender == "customer"]
    assert [(line.text, line.content) for line in own] == [(None, {}), (None, {})]


def test_who_has_blocked_us_is_written_to_by_nobody_until_they_come_back(
    counter: Line, store: Store
) -> None:
    friend = counter.friend()
    counter.does(friend, "follow")
    eventually(lambda: counter.texts(friend), "the welcome")
    now = datetime.now(UTC)
    operator = store.write(lambda db: given.an_operator(db, now))
    counter.does(friend, "block")

    def is_blocked() -> bool:
        return store.read(lambda db: db.scalars(select(Friend)).one().is_blocked)

    eventually(is_blocked, "the block is known")
    known = len(counter.said_to_line())
    with pytest.raises(FriendHasBlocked):
        store.write(lambda db: send(db, talk(store).id, operator, given.a_reply(), now))
    assert lines(store)[-1].kind == "unfollow"
    assert store.read(lambda db: all(d.state == "sent" for d in db.scalars(select(Delivery))))
    assert len(counter.said_to_line()) == known

    counter.does(friend, "follow")
    eventually(lambda: not is_blocked(), "they are back")
    store.write(lambda db: send(db, talk(store).id, operator, given.a_reply(force=True), now))
    eventually(lambda: "こんにちは" in counter.texts(friend), "the operator's message")


def test_what_was_sent_before_a_block_and_comes_after_it_does_not_undo_it(
    counter: Line, store: Store
) -> None:
    friend = counter.friend()
    counter.event("message", message=TEXT, timestamp=1_000, **user(friend))
    counter.event("unfollow", timestamp=3_000, **user(friend))
    counter.event("message", message={**TEXT, "id": "2"}, timestamp=2_000, **user(friend))
    eventually(lambda: all_done(store, 3), "all have had their turn")
    assert store.read(lambda db: db.scalars(select(Friend)).one().is_blocked)

    counter.event("message", message={**TEXT, "id": "3"}, timestamp=5_000, **user(friend))
    counter.event("unfollow", timestamp=4_000, **user(friend))
    eventually(lambda: all_done(store, 5), "all have had their turn")
    assert not store.read(lambda db: db.scalars(select(Friend)).one().is_blocked)


def test_a_block_is_no_message_to_answer(counter: Line, store: Store) -> None:
    friend = counter.friend()
    counter.does(friend, "say", text="予約")
    eventually(lambda: counter.texts(friend), "the first question")
    now = datetime.now(UTC)
    operator = store.write(lambda db: given.an_operator(db, now))
    store.write(lambda db: send(db, talk(store).id, operator, given.a_reply(force=True), now))
    before = talk(store)

    counter.does(friend, "block")
    eventually(lambda: lines(store)[-1].kind == "unfollow", "the block is in the talk")

    assert talk(store).status == before.status == "pending"
    assert talk(store).unseen_count == before.unseen_count


def test_events_out_of_their_order_are_answered_in_the_order_they_came(
    counter: Line, store: Store
) -> None:
    friend = counter.friend()
    counter.post("faults", kind="reorder", together=True)

    counter.does(friend, "say", text="予約")
    counter.does(friend, "send", message={"type": "sticker"})
    eventually(lambda: all_done(store, 2), "both have had their turn")
    eventually(lambda: counter.texts(friend), "an answer")

    own = [line for line in lines(store) if line.sender == "customer"]
    assert [line.kind for line in own] == ["sticker", "text"]
    assert own[0].at >= own[1].at
    assert [line.seq for line in lines(store)] == list(range(1, len(lines(store)) + 1))
