"""One thing done to many talks: each with its own check, each told how it went."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from console.door import House
from storage import desk
from storage.models.talks import Conversation
from tests import given
from tests.console.conftest import Browser, Clock, SignIn

PATH = "/conversations/bulk"


@pytest.fixture
def talks(house: House) -> list[str]:
    """Five waiting talks of five people."""
    now = house.clock()

    def work(db: Session) -> list[str]:
        account = given.an_account(db, now)
        given.an_account(db, now, "other", provider="別の見本")
        found = []
        for number in range(5):
            user = f"U{number:032x}"
            talk, _ = given.a_message(db, account, f"話{number}", now, number, user)
            desk.hand_off(db, talk, given.ASKED, now)
            found.append(talk.id)
        return found

    return house.store.write(work)


def target(browser: Browser, talk: str) -> dict[str, Any]:
    row = browser.get(f"/conversations/{talk}").get_json()["conversation"]
    return {"id": talk, "epoch": row["epoch"], "seq": row["last_seq"]}


def do(browser: Browser, talks: list[str], **deed: Any) -> list[dict[str, Any]]:
    answer = browser.post(PATH, talks=[target(browser, talk) for talk in talks], do=deed)
    assert answer.status_code == 200, answer.get_json()
    items: list[dict[str, Any]] = answer.get_json()["items"]
    assert [item["id"] for item in items] == talks
    return items


def codes(items: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in items]


def found(house: House, talk: str) -> Conversation:
    return house.store.read(lambda db: db.get_one(Conversation, talk))


def test_each_talk_is_done_by_itself_and_told_by_itself(
    sign_in: SignIn, talks: list[str], house: House
) -> None:
    staff = sign_in()
    do(staff, talks[:1], action="resolve")
    do(staff, talks[1:2], action="return")

    items = do(staff, talks[:3], action="resolve")

    assert codes(items) == ["same", "wrong_status", "done"]
    assert [item["message"] is None for item in items] == [True, False, True]
    assert items[2]["conversation"]["status"] == "done"
    assert found(house, talks[3]).status == "waiting"


def test_who_was_not_first_is_told_so_and_hinders_no_other(
    sign_in: SignIn, talks: list[str], house: House
) -> None:
    staff, leader = sign_in(), sign_in("supervisor")
    old = [target(staff, talk) for talk in talks[:2]]
    leader.post(f"/conversations/{talks[0]}/take", epoch=old[0]["epoch"])

    answer = staff.post(PATH, talks=old, do={"action": "snooze", "until": "2027-01-01T00:00:00Z"})

    items = answer.get_json()["items"]
    assert codes(items) == ["lost_race", "done"]
    assert items[0]["conversation"]["assignee_id"] == leader.id
    assert items[0]["message"] == "ほかのスタッフが先に操作しました。"
    assert found(house, talks[0]).status == "active"


def test_staff_give_what_they_or_nobody_hold_and_leaders_give_anything(
    sign_in: SignIn, talks: list[str], house: House
) -> None:
    staff, leader, viewer = sign_in(), sign_in("supervisor"), sign_in("viewer")
    do(leader, talks[:1], action="assign", operator_id=leader.id)

    assert codes(do(staff, talks[:2], action="assign", operator_id=staff.id)) == [
        "forbidden",
        "done",
    ]
    assert codes(do(leader, talks[:2], action="assign", operator_id=viewer.id)) == 2 * ["not_found"]
    assert codes(do(leader, talks[:2], action="assign", operator_id=None, queue="予約")) == 2 * [
        "done"
    ]
    row = found(house, talks[1])
    assert (row.assignee_id, row.queue, row.status) == (None, "予約", "waiting")
    body = {"talks": [target(viewer, talks[0])], "do": {"action": "resolve"}}
    assert viewer.call("POST", PATH, body).status_code == 403


def test_marks_and_tags_are_put_on_and_taken_off(
    sign_in: SignIn, talks: list[str], house: House
) -> None:
    staff = sign_in()
    pair = talks[:2]

    assert codes(do(staff, pair, action="seen")) == ["done", "done"]
    assert codes(do(staff, pair, action="seen")) == ["same", "same"]
    assert codes(do(staff, pair, action="unseen")) == ["done", "done"]
    assert found(house, talks[0]).unseen_count == 1
    assert do(staff, pair, action="tag", tag=" VIP ")[0]["conversation"]["tags"] == ["VIP"]
    assert codes(do(staff, talks[:3], action="tag", tag="VIP")) == ["same", "same", "done"]
    assert do(staff, pair, action="untag", tag="VIP")[1]["conversation"]["tags"] == []
    assert codes(do(staff, pair, action="untag", tag="VIP")) == ["same", "same"]


def test_what_has_an_opposite_is_taken_back(
    sign_in: SignIn, talks: list[str], house: House, clock: Clock
) -> None:
    staff = sign_in()
    until = (clock.now + timedelta(hours=1)).isoformat()

    do(staff, talks[:2], action="snooze", until=until)
    assert codes(do(staff, talks[:3], action="wake")) == ["done", "done", "wrong_status"]
    do(staff, talks[:2], action="resolve")
    assert codes(do(staff, talks[:2], action="reopen")) == ["done", "done"]
    assert found(house, talks[0]).status == "waiting"
    talk = f"/conversations/{talks[0]}"
    assert staff.post(f"{talk}/reopen").status_code == 409
    assert staff.post(f"{talk}/wake").status_code == 409
    staff.post(f"{talk}/seen", seq=99)
    assert staff.post(f"{talk}/unseen").get_json()["unseen_count"] == 1


def test_what_is_behind_the_wall_or_not_right_is_refused(sign_in: SignIn, talks: list[str]) -> None:
    staff, outside = sign_in(), sign_in(accounts=("other",))
    one = target(staff, talks[0])

    answer = outside.post(PATH, talks=[one], do={"action": "resolve"})
    assert [(i["code"], i["conversation"]) for i in answer.get_json()["items"]] == [
        ("not_found", None)
    ]
    for talks_sent, deed in (
        ([], {"action": "resolve"}),
        ([one] * 201, {"action": "resolve"}),
        ([one], {"action": "erase"}),
        ([one], {"action": "tag", "tag": "  "}),
        ([one], {"action": "snooze", "until": "2020-01-01T00:00:00Z"}),
        ([{**one, "epoch": -1}], {"action": "resolve"}),
    ):
        assert staff.post(PATH, talks=talks_sent, do=deed).status_code == 400, deed
    assert staff.post(PATH, talks=[one, one], do={"action": "seen"}).get_json()["items"][1:] == []
