"""Lists through the door: filters in an address, and saved views with their counts and refusals."""

from typing import Any

import pytest

from console.door import House
from storage import customers, journal
from storage.conversations import Scope, get_conversation
from tests.console.conftest import Browser, Clock, SignIn

PATH = "/saved-views"
VIPS = {"view": "all", "tag": ["VIP"], "sort": "newest"}


def ids(browser: Browser, address: str) -> list[str]:
    answer = browser.get(f"/conversations?{address}")
    assert answer.status_code == 200, answer.get_json()
    return [row["id"] for row in answer.get_json()["items"]]


def make_vip(house: House, talk: str) -> None:
    def work(db: Any) -> None:
        person = get_conversation(db, Scope("x"), talk).customer_id
        customers.put_tag(db, person, "VIP", {}, journal.SYSTEM, house.clock())

    house.store.write(work)


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("tag=VIP", 1),
        ("tag=新規&tag=VIP", 1),
        ("tag=新規", 0),
        ("status=active&status=waiting", 1),
        ("status=active", 0),
        ("assignee=none&assignee=me", 1),
        ("assignee=me", 0),
        ("waited=30", 1),
        ("waited=31", 0),
        ("unseen=1", 1),
        ("unanswered=true&queue=受付", 1),
        ("view=done", 0),
        ("sort=newest&account=main", 1),
        ("sort=unseen&account=other", 0),
    ],
)
def test_an_address_says_what_a_list_shows(
    sign_in: SignIn, talk: str, house: House, clock: Clock, address: str, count: int
) -> None:
    make_vip(house, talk)
    clock.pass_s(30 * 60)

    assert ids(sign_in("viewer"), address) == [talk] * count


@pytest.mark.parametrize(
    "address",
    [
        "view=x", "sort=x", "status=x", "waited=0", "waited=x", "waited=999999999",
        "unseen=perhaps", "&".join(f"tag={n}" for n in range(51)),
    ],
)  # fmt: skip
def test_an_address_that_is_not_right_is_refused(sign_in: SignIn, talk: str, address: str) -> None:
    assert sign_in().get(f"/conversations?{address}").status_code == 400


def test_a_list_is_kept_under_a_name_and_counted(sign_in: SignIn, talk: str, house: House) -> None:
    viewer, other = sign_in("viewer"), sign_in()
    made = viewer.post(PATH, name=" VIP ", query=VIPS)
    assert made.status_code == 201
    view = made.get_json()
    assert (view["name"], view["query"]["tag"], view["query"]["waited"]) == ("VIP", ["VIP"], None)

    page = viewer.get(PATH).get_json()
    assert (page["counts"], page["may_share"]) == ({view["id"]: 0}, False)
    make_vip(house, talk)
    assert viewer.get(PATH).get_json()["counts"] == {view["id"]: 1}
    assert other.get(PATH).get_json()["items"] == []

    again = viewer.post(PATH, name="vip", query=VIPS)
    assert again.status_code == 409
    assert "別の名前" in again.get_json()["error"]["message"]
    for name, query in (("", VIPS), ("x" * 41, VIPS), ("a", {"view": "x"}), ("a", {"q": "x"})):
        assert viewer.post(PATH, name=name, query=query).status_code == 400


def test_leaders_share_and_change_what_is_shared(sign_in: SignIn, talk: str) -> None:
    staff, leader = sign_in(), sign_in("supervisor")
    wanted = {"name": "VIP", "query": VIPS, "is_shared": True}
    assert staff.post(PATH, **wanted).status_code == 403
    view = leader.post(PATH, **wanted).get_json()
    place = f"{PATH}/{view['id']}"

    assert [one["may_change"] for one in staff.get(PATH).get_json()["items"]] == [False]
    assert staff.call("PUT", place, {**wanted, "is_shared": False, "version": 1}).status_code == 403
    assert staff.call("DELETE", place, {"version": 1}).status_code == 403
    assert staff.call("PUT", PATH, {"ids": [view["id"]], "is_shared": True}).status_code == 403
    assert leader.call("PUT", PATH, {"ids": [view["id"]], "is_shared": True}).status_code == 200

    renamed = leader.call("PUT", place, {**wanted, "name": "VIPの方", "version": 1})
    assert renamed.get_json()["version"] == 2
    stale = leader.call("PUT", place, {**wanted, "version": 1})
    assert (stale.status_code, stale.get_json()["error"]["details"]) == (409, {"version": 2})
    assert leader.call("DELETE", place, {"version": 2}).status_code == 200
    assert staff.get(PATH).get_json()["items"] == []
    assert leader.post(f"{place}/restore").status_code == 200
    assert [one["name"] for one in staff.get(PATH).get_json()["items"]] == ["VIPの方"]

    history = sign_in("manager").get("/audit?what=views").get_json()["items"]
    assert [one["kind"] for one in history] == [
        "shared_view_restored", "shared_view_removed", "shared_view_changed", "view_shared"
    ]  # fmt: skip


def test_somebody_elses_own_view_is_not_there(sign_in: SignIn, talk: str) -> None:
    one, leader = sign_in(), sign_in("manager")
    view = one.post(PATH, name="自分の", query={}).get_json()
    place = f"{PATH}/{view['id']}"

    assert leader.call("DELETE", place, {"version": 1}).status_code == 404
    assert leader.post(f"{place}/restore").status_code == 404
    assert leader.call("PUT", PATH, {"ids": [view["id"]]}).status_code == 404
