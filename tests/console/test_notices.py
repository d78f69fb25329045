"""One's own list and means, at the console's door, on both databases."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from sqlmodel import Session

from console.door import House
from storage import account_facts, operator_friends, quota
from storage.models.notices import Notice
from storage.models.operators import Operator
from tests import given
from tests.console.conftest import Clock, SignIn

POINT = urlsafe_b64encode(b"\x04" + b"p" * 64).decode().rstrip("=")
AUTH = urlsafe_b64encode(b"a" * 16).decode().rstrip("=")
PUSH = {"endpoint": "https://push.example.com/abc", "keys": {"p256dh": POINT, "auth": AUTH}}


def a_line(house: House, operator_id: str, talk: str, account: str = "main", **more: Any) -> None:
    line = Notice(
        operator_id=operator_id, account_id=account, conversation_id=talk, occasion="handoff",
        entry_id=1, at=house.clock(), **more,
    )  # fmt: skip
    house.store.write(lambda db: db.add(line))


def test_the_list_is_ones_own_and_within_ones_walls(
    sign_in: SignIn, house: House, talk: str
) -> None:
    one, two = sign_in(), sign_in("viewer", ("main",))
    a_line(house, one.id, talk)
    a_line(house, two.id, talk)
    a_line(house, two.id, talk, "other")

    (mine,), (hers,) = (b.get("/me/notices").get_json()["items"] for b in (one, two))

    assert mine["occasion"] == "handoff"
    assert mine["conversation_id"] == talk
    assert mine["id"] != hers["id"]


def test_what_one_looks_at_is_seen_and_the_rest_is_not(
    sign_in: SignIn, house: House, talk: str
) -> None:
    browser, other = sign_in(), sign_in("manager")
    a_line(house, browser.id, talk)
    a_line(house, browser.id, "another")
    a_line(house, other.id, talk)

    page = browser.post("/me/notices/seen", conversation_id=talk).get_json()
    assert page["unseen"] == 1
    newest = max(item["id"] for item in page["items"])
    page = browser.post("/me/notices/seen", up_to=newest).get_json()
    assert page["unseen"] == 0
    assert other.get("/me/notices").get_json()["unseen"] == 1


def test_a_browser_subscribes_tests_and_unsubscribes(sign_in: SignIn) -> None:
    browser = sign_in()
    assert browser.post("/me/notices/test", channel="desktop").status_code == 409
    means = browser.get("/me/notices/means").get_json()["push"]
    assert (len(means["public_key"]), means["is_on"]) == (87, False)

    assert browser.call("PUT", "/me/push", PUSH).status_code == 200
    means = browser.post("/me/notices/test", channel="desktop").get_json()["push"]
    assert (means["is_on"], means["fate"]) == (True, None)
    browser.call("DELETE", "/me/push")
    assert browser.get("/me/notices/means").get_json()["push"]["is_on"] is False


@pytest.mark.parametrize(
    "given_",
    [
        {**PUSH, "endpoint": "ftp://push.example.com/"},
        {**PUSH, "endpoint": "https://push.example.com/" + "x" * 1000},
        {**PUSH, "endpoint": "https://push.example.com/a b"},
        {**PUSH, "keys": {"p256dh": AUTH, "auth": AUTH}},
        {**PUSH, "keys": {"p256dh": POINT, "auth": "あ"}},
        {**PUSH, "more": 1},
    ],
)
def test_a_push_address_that_is_none_is_refused(sign_in: SignIn, given_: dict[str, Any]) -> None:
    assert sign_in().call("PUT", "/me/push", given_).status_code == 400


def test_rules_are_kept_whole_and_what_is_wrong_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("viewer")
    value = browser.get("/me/preferences").get_json()["notices"]
    value["matrix"]["reply"]["line"] = True
    value["quiet"] = {"is_on": True, "days": [5, 6], "begins": "20:30", "ends": "08:00"}
    assert browser.call("PUT", "/me/preferences/notices", {"value": value}).status_code == 200
    assert browser.get("/me/preferences").get_json()["notices"] == value

    for wrong in (
        {"quiet": {"begins": "24:00"}}, {"quiet": {"days": [7]}}, {"line_daily_cap": 0},
        {"matrix": {"nothing": {}}}, {"sound": {"name": "siren"}},
    ):  # fmt: skip
        answer = browser.call("PUT", "/me/preferences/notices", {"value": {**value, **wrong}})
        assert answer.status_code == 400


def test_a_code_leads_to_the_accounts_talk_with_the_text_in_it(
    sign_in: SignIn, house: House, talk: str, clock: Clock
) -> None:
    browser, walled = sign_in(), sign_in("operator", ("other",))
    house.store.write(lambda db: account_facts.keep_basic_id(db, "main", "@sample", clock()))
    house.store.write(lambda db: quota.claim(db, "main", clock()))
    house.store.write(lambda db: quota.record(db, "main", quota.Told(200, 190), clock()))

    assert walled.post("/me/line", account="main").status_code == 404
    made = browser.post("/me/line", account="main").get_json()
    assert len(made["code"]) == 8
    assert made["text"] == f"スタッフ連携 {made['code']}"
    assert made["address"].startswith("https://line.me/R/oaMessage/%40sample/?%E3%82%B9")
    assert made["qr"].startswith("data:image/svg+xml")
    accounts = browser.get("/me/notices/means").get_json()["accounts"]
    assert accounts[0] == {
        "id": "main", "name": "見本のお店", "basic_id": "@sample", "left": 10, "is_spare": False,
    }  # fmt: skip
    other = browser.post("/me/line", account="other").get_json()
    assert (other["address"], other["qr"]) == (None, None)


def test_a_linked_talk_is_shown_tested_and_let_go(
    sign_in: SignIn, house: House, talk: str, clock: Clock
) -> None:
    browser = sign_in()
    assert browser.post("/me/notices/test", channel="line").status_code == 409

    def link(db: Session) -> None:
        account = given.the_account(db)
        own = given.a_talk(db, account, clock(), "U" + "9" * 32)
        operator_friends.link(db, own, db.get_one(Operator, browser.id), clock())

    house.store.write(link)
    tested = browser.post("/me/notices/test", channel="line").get_json()["line"]
    assert (tested["delivery"], tested["told_today"], tested["held_back"]) == ("pending", 1, None)
    shown = browser.get("/conversations?view=all").get_json()["items"]
    assert [row["id"] for row in shown] == [talk]

    assert browser.call("DELETE", "/me/line").get_json()["line"] is None
    assert len(browser.get("/conversations?view=all").get_json()["items"]) == 2


def test_the_worker_behind_the_pages_is_served_fresh_for_every_page(sign_in: SignIn) -> None:
    answer = sign_in().client.get("/sw.js")

    if answer.status_code == 404:
        pytest.skip("the pages are not built")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.mimetype == "text/javascript"
    answer.close()
