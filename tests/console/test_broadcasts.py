"""Broadcasts through the door: who may, walls, drafts, pictures, what it costs, how it ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from console.api import broadcasts as broadcasts_api
from console.app import create_app
from console.door import House
from console.kept_files import place_of
from console.sent_media import PREVIEW, address_of
from console.settings import read_settings
from storage import broadcasts, journal, operator_friends, quota, uploads
from storage.broadcast_failures import Failure
from storage.broadcasts import Written
from storage.models.broadcast_requests import BroadcastRequest
from storage.models.broadcasts import WHY_STOPPED, Broadcast
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.models.uploads import Upload
from storage.models.work import Delivery
from storage.outcomes import NoAnswer, Sent
from storage.quota import Told
from tests.console.conftest import ORIGIN, Browser, Clock, SignIn, check_answer
from tests.console.people import a_browser
from tests.console.test_doors import WEB
from tests.console.test_uploads import a_picture, fetch, rows_of
from tests.console.test_uploads import give as give_to_talk
from tests.storage import broadcasting

PATH = "/broadcasts"
HELLO = {"type": "text", "text": "年末のお知らせ"}
DAY = timedelta(days=1)
MANAGER = "manager0@example.com"


@pytest.fixture
def house(house: House) -> House:
    """A house that LINE reaches: the simulator stands beside it."""
    more = {"MADOGUCHI_LINE_API_URL": "http://127.0.0.1:9000"}
    folder = {"MADOGUCHI_DATA_DIR": str(house.settings.data_dir)}
    return replace(house, settings=read_settings({**folder, **more}))


@pytest.fixture
def friends(house: House, talk: str) -> int:  # the accounts come with it
    """Three friends beside the one of the talk."""
    now = house.clock()

    def work(db: Session) -> None:
        broadcasting.add_friends(db, db.get_one(Account, "main"), 3, now)

    house.store.write(work)
    return 4


def new(client_id: str = "b1", account: str = "main", **more: Any) -> dict[str, Any]:
    named = {"client_broadcast_id": client_id, "account": account}
    return {**named, "title": "年末", "messages": [HELLO], **more}


def made(manager: Browser, **more: Any) -> dict[str, Any]:
    answer = manager.post(PATH, **new(**more))
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json()["broadcast"])


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def moved(browser: Browser, broadcast: dict[str, Any], verb: str, **more: Any) -> Any:
    body = {"version": broadcast["version"], **more}
    return browser.post(f"{PATH}/{broadcast['id']}/{verb}", **body)


def sent_to_all(house: House) -> None:
    """What the worker does with one that has begun, and a LINE that takes everything."""
    now = house.clock()
    broadcasting.freeze(house.store, now)
    for call in broadcasting.claimed(house.store, now):
        broadcasting.recorded(house.store, call, Sent("request"), now)


def give(browser: Browser, account: str, content: bytes, name: str = "見本.jpg") -> Any:
    fields = {"account": account, "client_upload_id": f"p-{name}"}
    parts = [f'"{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'"file"; filename="{name}"\r\n\r\n'.encode() + content)
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; name=" + part + b"\r\n" for part in parts
    )
    answer = browser.client.post(
        "/api/v1/broadcasts/pictures",
        data=body + b"--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
        headers={"Origin": ORIGIN, "X-CSRF-Token": browser.session["csrf_token"]},
    )
    check_answer("POST", "/api/v1/broadcasts/pictures", answer)
    return answer


def test_leaders_read_and_managers_write_and_send(
    sign_in: SignIn, house: House, friends: int
) -> None:
    manager, leader, staff = sign_in("manager"), sign_in("supervisor"), sign_in()
    draft = made(manager)
    one = f"{PATH}/{draft['id']}"

    assert staff.get(PATH).status_code == staff.get(one).status_code == 403
    assert leader.get(one).get_json()["messages"] == [HELLO]
    assert leader.post(PATH, **new("b2")).status_code == 403
    assert moved(leader, draft, "schedule", send_at=None).status_code == 403

    going = moved(manager, draft, "schedule", send_at=None).get_json()["broadcast"]
    assert (going["status"], going["sent_by_name"]) == ("sending", "見本 manager")
    sent_to_all(house)

    shown = leader.get(PATH).get_json()["items"]
    assert [(one["status"], one["recipients"], one["sent"]) for one in shown] == [
        ("done", friends, friends)
    ]
    assert leader.get(f"{PATH}?status=draft&status=sending").get_json()["items"] == []
    history = manager.get("/audit?what=broadcasts").get_json()["items"]
    assert [one["kind"] for one in history] == ["broadcast_scheduled", "broadcast_created"]


def test_the_walls_of_accounts_stand(sign_in: SignIn, friends: int) -> None:
    everywhere, inside = sign_in("manager"), sign_in("manager", accounts=("other",))
    of_main = made(everywhere)
    one = f"{PATH}/{of_main['id']}"

    assert inside.get(PATH).get_json()["items"] == []
    assert inside.get(one).status_code == inside.get("/accounts/main/audience").status_code == 404
    assert inside.post(PATH, **new()).status_code == 404
    for verb in ("schedule", "unschedule", "pause", "resume", "cancel"):
        assert moved(inside, of_main, verb).status_code == 404
    change = {"title": "別", "messages": [HELLO], "version": 1}
    assert inside.call("PUT", one, change).status_code == 404
    assert inside.call("DELETE", one, {"version": 1}).status_code == 404
    copy = {"client_broadcast_id": "c", "title": "写し"}
    assert inside.post(f"{one}/copy", **copy).status_code == 404
    assert give(inside, "main", a_picture()).status_code == 404


def test_a_request_that_comes_twice_makes_one(sign_in: SignIn, house: House, friends: int) -> None:
    manager, other = sign_in("manager"), sign_in("manager", accounts=("main",))
    first, again = manager.post(PATH, **new()), manager.post(PATH, **new())

    assert (first.status_code, again.status_code) == (201, 200)
    one = first.get_json()["broadcast"]
    assert again.get_json()["broadcast"] == one
    assert other.post(PATH, **new()).status_code == 201, "of another person it is another one"
    assert manager.post(PATH, **new(account="other")).status_code == 404

    assert manager.call("DELETE", f"{PATH}/{one['id']}", {"version": 1}).status_code == 200
    assert manager.post(PATH, **new()).status_code == 404, "it was deleted"
    assert len(rows_of(house, Broadcast)) == 1
    assert len(rows_of(house, BroadcastRequest)) == 2


def test_who_comes_second_is_told_and_loses_nothing(sign_in: SignIn, talk: str) -> None:
    manager = sign_in("manager")
    one = f"{PATH}/{made(manager)['id']}"
    change = {"title": "年始", "messages": [HELLO], "version": 1}
    assert manager.call("PUT", one, change).get_json()["broadcast"]["version"] == 2

    late = manager.call("PUT", one, {**change, "title": "遅れた"})

    assert refused(late) == (409, "lost_race")
    error = late.get_json()["error"]
    assert "この配信を変えました" in error["message"]
    assert error["details"]["broadcast"]["title"] == "年始"
    assert manager.call("DELETE", one, {"version": 1}).status_code == 409
    assert manager.get(one).get_json()["broadcast"]["title"] == "年始"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "text": " "},
        {"type": "text", "text": "あ" * 5001},
        {"type": "text", "text": "はい", "quoteToken": "q"},
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        {"type": "flex", "altText": "a", "contents": {"type": "bubble"}},
        {"type": "text"},
        {},
    ],
)
def test_only_texts_and_pictures_are_taken(
    sign_in: SignIn, talk: str, message: dict[str, Any]
) -> None:
    manager = sign_in("manager")
    wrong = manager.post(PATH, **new(messages=[HELLO, message]))

    assert refused(wrong) == (400, "bad_request")
    assert manager.post(PATH, **new(messages=[HELLO] * 6)).status_code == 400
    assert manager.post(PATH, **new(messages=[])).status_code == 400
    assert manager.post(PATH, **new(messages=[HELLO] * 5)).status_code == 201


def test_a_picture_stays_as_long_as_a_broadcast_shows_it(
    app: Flask, sign_in: SignIn, house: House, clock: Clock, friends: int
) -> None:
    manager = sign_in("manager")
    picture = give(manager, "main", a_picture())
    assert picture.status_code == 201
    assert give(manager, "main", a_picture()).status_code == 200
    message = picture.get_json()["message"]
    draft = made(manager, messages=[message, HELLO])
    copy = manager.post(f"{PATH}/{draft['id']}/copy", client_broadcast_id="c", title="写し")
    assert copy.status_code == 201
    assert copy.get_json()["messages"] == [message, HELLO]
    twin = copy.get_json()["broadcast"]

    def swept() -> bool:
        """Whether the sweep takes it."""
        clock.pass_s(8 * DAY.total_seconds())
        now = clock()
        return bool(house.store.write(lambda db: uploads.claim_droppings(db, now, 10)))

    assert not swept(), "a draft may lie for long"
    manager = a_browser(app, MANAGER)
    change = {"title": "年末", "messages": [HELLO], "version": draft["version"]}
    assert manager.call("PUT", f"{PATH}/{draft['id']}", change).status_code == 200
    assert not swept(), "the copy shows it"
    manager = a_browser(app, MANAGER)
    assert manager.call("DELETE", f"{PATH}/{twin['id']}", {"version": 1}).status_code == 200
    assert swept()
    (upload,) = rows_of(house, Upload)
    assert (upload.conversation_id, place_of(house, upload.sha256).is_file()) == (None, True)
    assert fetch(app, message["originalContentUrl"]).status_code == 200


def test_a_picture_of_another_account_or_place_is_none_of_ours(sign_in: SignIn, talk: str) -> None:
    manager = sign_in("manager")
    of_other = give(manager, "other", a_picture()).get_json()["message"]
    elsewhere = {
        "type": "image",
        "originalContentUrl": "https://example.com/a.jpg",
        "previewImageUrl": "https://example.com/a.jpg",
    }

    for message in (of_other, elsewhere):
        assert refused(manager.post(PATH, **new(messages=[message]))) == (409, "upload_gone")
    assert give(manager, "main", b"%PDF-1.7", "見本.pdf").status_code == 415
    assert (
        manager.call("PATCH", f"/uploads/{_only_upload(manager)}", {"name": "a"}).status_code == 404
    )


def test_a_picture_of_a_talk_stays_with_the_talk(sign_in: SignIn, house: House, talk: str) -> None:
    manager = sign_in("manager")
    upload_id = give_to_talk(manager, talk, a_picture(), client_id="t").get_json()["id"]
    row = house.store.read(lambda db: db.get_one(Upload, upload_id))
    with create_app(house).test_request_context(base_url=ORIGIN):
        urls = (address_of(house, row), address_of(house, row, PREVIEW))
    message = {"type": "image", "originalContentUrl": urls[0], "previewImageUrl": urls[1]}
    assert refused(manager.post(PATH, **new(messages=[message]))) == (409, "upload_gone")


def test_a_house_that_has_moved_lets_go_of_drafts_and_sends_no_picture_that_is_nowhere(
    sign_in: SignIn, house: House, friends: int
) -> None:
    manager = sign_in("manager")
    message = give(manager, "main", a_picture()).get_json()["message"]
    one, two = (made(manager, client_id=id_, messages=[message]) for id_ in ("b1", "b2"))
    before = {**message}
    for key in ("originalContentUrl", "previewImageUrl"):
        before[key] = message[key].replace(ORIGIN, "https://before.example.com")

    def move(db: Session) -> None:
        for draft in (one, two):
            db.get_one(Broadcast, draft["id"]).messages = [before]

    house.store.write(move)
    assert refused(moved(manager, one, "schedule", send_at=None)) == (409, "upload_gone")
    change = {"title": "年末", "messages": [HELLO], "version": one["version"]}
    assert manager.call("PUT", f"{PATH}/{one['id']}", change).status_code == 200
    version = {"version": two["version"]}
    assert manager.call("DELETE", f"{PATH}/{two['id']}", version).status_code == 200


def _only_upload(manager: Browser) -> str:
    return str(give(manager, "other", a_picture()).get_json()["id"])


def test_the_cost_is_told_and_what_does_not_fit_is_refused(
    sign_in: SignIn, house: House, friends: int
) -> None:
    manager = sign_in("manager")
    free = manager.get("/accounts/main/audience").get_json()
    assert (free["count"], free["usable"], free["fits"]) == (friends, None, True)

    def told(used: int) -> None:
        now = house.clock()

        def work(db: Session) -> None:
            quota.find_or_begin(db, "main", now)
            quota.record(db, "main", Told(20, used), now)

        house.store.write(work)

    told(14)
    fits = manager.get("/accounts/main/audience").get_json()
    assert (fits["left"], fits["reserve"], fits["usable"], fits["fits"]) == (6, 2, 4, True)
    told(15)
    short = manager.get("/accounts/main/audience").get_json()
    assert (short["left"], short["usable"], short["fits"]) == (5, 3, False)
    draft = made(manager)
    answer = moved(manager, draft, "schedule", send_at=None)
    assert refused(answer) == (409, "short_month")
    assert answer.get_json()["error"]["details"] == {"recipients": 4, "left": 3, "reserve": 2}
    assert manager.get(f"{PATH}/{draft['id']}").get_json()["broadcast"]["status"] == "draft"


def test_a_moment_is_chosen_taken_back_and_never_past(
    sign_in: SignIn, clock: Clock, friends: int
) -> None:
    manager = sign_in("manager")
    draft = made(manager)
    past = moved(manager, draft, "schedule", send_at=(clock() - DAY).isoformat())
    assert refused(past) == (400, "too_far_off")

    waits = moved(manager, draft, "schedule", send_at=(clock() + DAY).isoformat())
    one = waits.get_json()["broadcast"]
    assert (one["status"], one["send_at"]) == ("scheduled", "2026-11-25T02:00:00.000Z")
    change = {"title": "年始", "messages": [HELLO], "version": one["version"]}
    assert refused(manager.call("PUT", f"{PATH}/{one['id']}", change)) == (409, "wrong_status")
    again = moved(manager, one, "unschedule").get_json()["broadcast"]
    assert (again["status"], again["send_at"]) == ("draft", None)
    assert moved(manager, again, "pause").status_code == 409


def test_what_line_would_refuse_is_told_before_anybody_gets_it(
    app: Flask, sign_in: SignIn, house: House, friends: int
) -> None:
    manager = sign_in("manager")
    draft = made(manager)
    # LINE's own part of the work, as the command line puts it in.
    object.__setattr__(house, "line_check", lambda *_: [("messages[0].text", "is too rude")])

    answer = moved(manager, draft, "schedule", send_at=None)

    assert refused(answer) == (409, "line_refuses")
    faults = answer.get_json()["error"]["details"]["faults"]
    assert faults == [{"part": "messages[0].text", "said": "is too rude"}]


def test_a_broadcast_says_whether_line_has_looked_at_it(
    sign_in: SignIn, house: House, friends: int
) -> None:
    manager, in_time = sign_in("manager"), (house.clock() + DAY).isoformat()

    def checked_at(found: list[tuple[str, str]] | None, client_id: str) -> str | None:
        object.__setattr__(house, "line_check", lambda *_: found)
        draft = made(manager, client_id=client_id)
        answer = moved(manager, draft, "schedule", send_at=in_time)
        assert answer.status_code == 200
        at: str | None = answer.get_json()["broadcast"]["checked_at"]
        return at

    assert checked_at([], "b1") is not None
    assert checked_at(None, "b2") is None, "LINE does not say"


def test_what_is_changed_while_somebody_looks_is_told_after_what_they_see(
    sign_in: SignIn, house: House, friends: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = sign_in("manager")
    draft = made(manager)
    list_failures = broadcasts_api.list_failures

    def meanwhile(db: Session, id_: str) -> list[Failure]:
        monkeypatch.undo()
        by = house.store.read(lambda other: other.get_one(Operator, manager.id))
        said = Written("別", [HELLO])
        house.store.write(
            lambda other: broadcasts.change_draft(other, id_, said, 1, by, house.clock())
        )
        return list_failures(db, id_)

    monkeypatch.setattr(broadcasts_api, "list_failures", meanwhile)
    seen = manager.get(f"{PATH}/{draft['id']}").get_json()

    assert seen["broadcast"]["version"] == 1
    entries = house.store.read(lambda db: journal.tail(db, "main", seen["at"]["main"])).entries
    assert [entry.payload["broadcast"]["version"] for entry in entries] == [2]


def test_a_test_goes_to_ones_own_line_alone(
    sign_in: SignIn, house: House, talk: str, friends: int
) -> None:
    manager = sign_in("manager")
    draft = made(manager)
    assert refused(moved(manager, draft, "test", client_test_id="t")) == (409, "not_told")

    def link(db: Session) -> None:
        operator = db.get_one(Operator, manager.id)
        operator_friends.link(db, db.get_one(Conversation, talk), operator, house.clock())

    house.store.write(link)
    assert manager.get("/accounts/main/audience").get_json()["count"] == friends - 1
    stale = manager.post(f"{PATH}/{draft['id']}/test", version=9, client_test_id="t")
    assert refused(stale) == (409, "lost_race")
    answer = moved(manager, draft, "test", client_test_id="t").get_json()

    assert answer["account"] == "main"
    (delivery,) = rows_of(house, Delivery)
    assert (delivery.conversation_id, delivery.messages) == (talk, [HELLO])
    assert manager.get(f"{PATH}/{draft['id']}").get_json()["broadcast"]["status"] == "draft"


def test_what_nobody_knows_is_sent_again_or_let_be(
    app: Flask, sign_in: SignIn, house: House, clock: Clock, friends: int
) -> None:
    manager, _ = sign_in("manager"), sign_in("supervisor")
    going = moved(manager, made(manager), "schedule", send_at=None).get_json()["broadcast"]
    now = clock()
    broadcasting.freeze(house.store, now)
    (call,) = broadcasting.claimed(house.store, now)
    clock.pass_s(25 * 3600)
    broadcasting.recorded(house.store, call, NoAnswer("no answer"), clock())
    manager, leader = a_browser(app, MANAGER), a_browser(app, "supervisor0@example.com")

    shown = leader.get(f"{PATH}/{going['id']}").get_json()
    assert (shown["broadcast"]["status"], shown["broadcast"]["unknown"]) == ("done", friends)
    (unknown,) = shown["unknown_calls"]
    assert (shown["unknown_count"], shown["unknown_people"]) == (1, friends)
    calls = f"{PATH}/{going['id']}/calls/{unknown['id']}"
    assert leader.post(f"{calls}/again").status_code == 403
    assert manager.post(f"{PATH}/{going['id']}/calls/999/again").status_code == 404
    assert manager.post(f"{PATH}/{going['id']}/calls/x/leave").status_code == 404
    again = manager.post(f"{calls}/again").get_json()
    assert (again["broadcast"]["status"], again["unknown_count"]) == ("sending", 0)
    sent_to_all(house)
    done = leader.get(f"{PATH}/{going['id']}").get_json()["broadcast"]
    assert (done["status"], done["sent"], done["unknown"]) == ("done", friends, 0)


def test_one_person_s_card_tells_what_they_were_sent(
    sign_in: SignIn, house: House, talk: str, friends: int
) -> None:
    manager, viewer = sign_in("manager"), sign_in("viewer", accounts=("main",))
    stranger = sign_in("operator", accounts=("other",))
    customer = house.store.read(lambda db: db.get_one(Conversation, talk).customer_id)
    got = f"/customers/{customer}/broadcasts"
    assert viewer.get(got).get_json()["items"] == []
    one = moved(manager, made(manager), "schedule", send_at=None).get_json()["broadcast"]
    sent_to_all(house)
    later = made(manager, client_id="b2")

    (item,) = viewer.get(got).get_json()["items"]
    assert (item["broadcast_id"], item["title"], item["state"]) == (one["id"], "年末", "sent")
    assert stranger.get(got).status_code == 404
    assert later["status"] == "draft"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whatever_stops_one_is_told_with_what_to_do(language: str) -> None:
    words = (WEB / f"src/broadcasts/words_{language}.ts").read_text()
    for why in WHY_STOPPED:
        assert {f"'stop.{why}':", f"'stop.{why}_do':"} <= {*words.split()}, why
