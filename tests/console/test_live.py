"""The live feed over a real Socket.IO connection's protocol: resume, entries, presence, leaving."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from console.app import create_app
from console.door import House
from console.live import Live
from storage import desk
from storage.incoming import is_assignee_there
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.operators import Change, change_operator
from storage.talks import lock
from tests import given
from tests.console.conftest import Browser, Clock, SignIn


@pytest.fixture
def live(app: Flask, house: House, talk: str) -> Iterator[tuple[SocketIO, Live]]:
    socketio = SocketIO(app, async_mode="threading", manage_session=False)
    found = Live(socketio, house)
    yield socketio, found
    found.stop()


def connect(live: tuple[SocketIO, Live], app: Flask, browser: Browser) -> SocketIOTestClient:
    return SocketIOTestClient(app, live[0], flask_test_client=browser.client)


def resume(client: SocketIOTestClient, **streams: int) -> dict[str, Any]:
    answer: dict[str, Any] = client.emit("resume", {"streams": streams}, callback=True)
    return answer["streams"]


def heard(client: SocketIOTestClient, name: str) -> list[Any]:
    return [event["args"][0] for event in client.get_received() if event["name"] == name]


def test_a_socket_without_a_session_is_turned_away(
    live: tuple[SocketIO, Live], app: Flask, sign_in: SignIn
) -> None:
    stranger = SocketIOTestClient(app, live[0], flask_test_client=app.test_client())

    assert not stranger.is_connected()
    assert connect(live, app, sign_in()).is_connected()


def test_resume_gives_what_was_missed_in_order_and_then_it_is_live(
    live: tuple[SocketIO, Live], app: Flask, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    client = connect(live, app, browser)

    stream = resume(client, main=0)["main"]
    ids = [entry["id"] for entry in stream["entries"]]
    assert ids == list(range(1, stream["head"] + 1))
    assert (stream["more"], stream["reset"]) == (False, False)
    assert resume(client, main=stream["head"])["main"]["entries"] == []
    assert resume(client, main=stream["head"] + 7)["main"]["reset"] is True
    assert resume(client, nobody=0) == {}

    assert browser.post(f"/conversations/{talk}/take", epoch=1).status_code == 200
    assert live[1]._emit_news()
    (entry,) = heard(client, "entry")
    assert entry["id"] == stream["head"] + 1
    assert entry["kind"] == "conversation.taken"
    assert (
        entry["payload"]["conversation"]
        == browser.get(f"/conversations/{talk}").json["conversation"]
    )


def test_an_account_behind_the_wall_is_not_heard(
    live: tuple[SocketIO, Live], app: Flask, sign_in: SignIn, talk: str
) -> None:
    insider, outsider = sign_in("operator"), sign_in("operator", accounts=("other",))
    client = connect(live, app, outsider)

    assert set(resume(client, main=0, other=0)) == {"other"}
    assert insider.post(f"/conversations/{talk}/take", epoch=1).status_code == 200
    live[1]._emit_news()
    client.emit("presence", {"conversation_id": talk, "doing": "viewing"})

    assert heard(client, "entry") == []
    assert heard(client, "presence") == []


def test_walls_that_move_are_told_and_kept(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    insider, mover = sign_in("supervisor"), sign_in("operator")
    client = connect(live, app, mover)
    assert set(resume(client, main=0, other=0)) == {"main", "other"}

    def wall_off(db) -> None:
        change_operator(db, db.get_one(Operator, mover.id), Change(accounts=("other",)))

    house.store.write(wall_off)
    live[1]._let_go_and_expire()
    assert heard(client, "house") == [{"accounts": ["other"]}]
    live[1]._let_go_and_expire()
    assert insider.post(f"/conversations/{talk}/take", epoch=1).status_code == 200
    assert live[1]._emit_news()
    assert client.get_received() == []


def test_who_looks_and_who_writes_is_told_and_forgotten(
    live: tuple[SocketIO, Live], app: Flask, sign_in: SignIn, talk: str
) -> None:
    here, there = sign_in("operator"), sign_in("supervisor")
    first, second = connect(live, app, here), connect(live, app, there)
    resume(first, main=0), resume(second, main=0)

    first.emit("presence", {"conversation_id": talk, "doing": "composing"})
    (told,) = heard(second, "presence")
    assert told["operators"] == [{"id": here.id, "name": "見本 operator", "doing": "composing"}]
    first.emit("presence", {"conversation_id": talk, "doing": "nonsense"})
    first.emit("presence", "nonsense")
    assert heard(second, "presence") == []
    first.disconnect()
    assert heard(second, "presence")[-1]["operators"] == []


def test_who_is_at_a_talk_is_told_by_every_process_and_to_a_second_window(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    other_app = create_app(house)
    other = SocketIO(other_app, async_mode="threading", manage_session=False)
    other_live = Live(other, house)
    here, there = sign_in("operator"), sign_in("supervisor")
    first = connect(live, app, here)
    second = SocketIOTestClient(other_app, other, flask_test_client=there.client)
    resume(first, main=0), resume(second, main=0)
    is_there = [{"id": here.id, "name": "見本 operator", "doing": "viewing"}]

    first.emit("presence", {"conversation_id": talk, "doing": "viewing"})
    assert other_live._whereabouts.news.is_set()
    other_live._whereabouts.follow()
    assert [told["operators"] for told in heard(second, "presence")] == [is_there]
    other_live._whereabouts.follow()
    assert heard(second, "presence") == []

    late = SocketIOTestClient(other_app, other, flask_test_client=there.client)
    resume(late, main=0)  # who comes hears of who sits still, in whatever process
    assert [told["operators"] for told in heard(late, "presence")] == [is_there]
    assert heard(second, "presence") == []
    tab = connect(live, app, here)
    resume(tab, main=0), tab.get_received()
    tab.emit("presence", {"conversation_id": talk, "doing": "viewing"})
    assert [told["operators"] for told in heard(tab, "presence")] == [is_there]
    first.disconnect(), tab.disconnect()
    other_live._whereabouts.follow()
    assert [told["operators"] for told in heard(second, "presence")] == [[]]
    other_live.stop()


def test_who_is_locked_out_is_let_go(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    client = connect(live, app, browser)
    resume(client, main=0)

    def lock_out(db) -> None:
        change_operator(db, db.get_one(Operator, browser.id), Change(is_disabled=True))

    house.store.write(lock_out)
    assert client.emit("resume", {"streams": {"main": 0}}, callback=True) == {"streams": {}}
    assert not client.is_connected()


def test_a_look_that_began_before_a_change_is_brought_up_to_date_by_the_entries(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    before = browser.get("/conversations").json
    client = connect(live, app, browser)

    def change(db) -> None:
        desk.leave_to_people(db, lock(db, talk), "受付", house.clock())

    house.store.write(change)
    rows = {row["id"]: row for row in before["items"]}
    for entry in resume(client, main=before["at"]["main"])["main"]["entries"]:
        row = entry["payload"].get("conversation")
        if row and row["version"] > rows[row["id"]]["version"]:
            rows[row["id"]] = row

    assert list(rows.values()) == browser.get("/conversations").json["items"]


def test_what_is_no_request_gets_an_empty_answer_and_harms_nobody(
    live: tuple[SocketIO, Live], app: Flask, sign_in: SignIn, talk: str
) -> None:
    client = connect(live, app, sign_in())

    assert client.emit("resume", callback=True) == {"streams": {}}
    assert client.emit("resume", {"streams": [1]}, callback=True) == {"streams": {}}
    for odd in (None, [], {"doing": []}, {"doing": "viewing", "conversation_id": "\x00"}):
        client.emit("presence", odd)
    client.emit("presence")
    assert client.is_connected()


def test_an_entry_about_a_person_tells_only_of_accounts_that_one_may_see(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    now = house.clock()

    def befriend(db) -> str:
        sibling = given.an_account(db, now, "sibling")
        return given.a_message(db, sibling, "こちらにも", now, number=9)[0].customer_id

    person = house.store.write(befriend)
    everywhere, here = sign_in("supervisor"), sign_in("operator", accounts=("main",))
    wide, narrow = connect(live, app, everywhere), connect(live, app, here)
    head = resume(wide, main=0, sibling=0)["main"]["head"]
    resume(narrow, main=0)

    assert everywhere.call("PUT", f"/customers/{person}/tags/VIP").status_code == 200
    assert live[1]._emit_news()

    def told(entries: list[Any]) -> list[tuple[str, list[str]]]:
        return [
            (e["account"], sorted(f["account"] for f in e["payload"]["customer"]["friends"]))
            for e in entries
            if e["kind"] == "customer.tagged"
        ]

    both = ["main", "sibling"]
    assert told(heard(wide, "entry")) == [("main", both), ("sibling", both)]
    assert told(heard(narrow, "entry")) == [("main", ["main"])]
    assert told(resume(narrow, main=head)["main"]["entries"]) == [("main", ["main"])]


def test_of_broadcasts_only_leaders_hear_and_nobody_s_stream_has_a_gap(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    manager, leader = sign_in("manager"), sign_in("supervisor")
    others = [sign_in("operator"), sign_in("viewer")]
    leading = connect(live, app, leader)
    kept_out = [connect(live, app, one) for one in others]
    head = resume(leading, main=0)["main"]["head"]
    for one in kept_out:
        resume(one, main=head)

    hello = [{"type": "text", "text": "年末のお知らせ"}]
    named = {"client_broadcast_id": "b1", "account": "main", "title": "まだ秘密"}
    made = manager.post("/broadcasts", messages=hello, **named).json["broadcast"]
    gone = manager.call("DELETE", f"/broadcasts/{made['id']}", {"version": made["version"]})
    assert gone.status_code == 200
    assert live[1]._emit_news()

    kinds = ["broadcast.changed", "broadcast.deleted"]
    entries = heard(leading, "entry")
    assert [e["kind"] for e in entries] == kinds
    assert {e["payload"]["broadcast"]["title"] for e in entries} == {"まだ秘密"}
    for one in kept_out:
        entries = heard(one, "entry")
        assert [(e["id"], e["kind"]) for e in entries] == [
            (head + 1, kinds[0]), (head + 2, kinds[1]),
        ]  # fmt: skip
        assert [(e["payload"], e["actor"]) for e in entries] == [({}, {"kind": "system"})] * 2
        assert resume(one, main=head)["main"]["entries"] == entries


def test_who_is_connected_is_there_until_they_say_away(
    live: tuple[SocketIO, Live], app: Flask, house: House, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    browser = sign_in()

    def is_there() -> bool:
        return house.store.read(
            lambda db: is_assignee_there(db, db.get_one(Conversation, talk), house.clock())
        )

    assert browser.post(f"/conversations/{talk}/take", epoch=1).status_code == 200
    assert not is_there()
    client = connect(live, app, browser)
    assert is_there()
    client.emit("presence", {"conversation_id": talk, "doing": "viewing"})
    for _ in range(40):
        clock.pass_s(4)
        live[1]._let_go_and_expire()
        assert is_there()
    client.emit("presence", {"conversation_id": talk, "doing": "away"})
    clock.pass_s(70)
    live[1]._let_go_and_expire()
    assert not is_there()
    client.disconnect()
    assert not is_there()
