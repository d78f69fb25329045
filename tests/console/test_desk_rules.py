"""The rules of the counter and who is at it, through the API's door; on both databases."""

from typing import Any

import pytest

from console.door import House
from console.publishing import Wish, publish_folder
from storage import audit
from storage.audit import Wanted
from storage.models.talks import Conversation
from tests.console.conftest import Clock, SignIn
from tests.console.people import code_error, told
from tests.shop import folder_of

PLAIN: dict[str, Any] = {
    "first_minutes": None, "next_minutes": None, "hours": None, "assign": None,
    "most_open": None, "return_minutes": None, "reopen_minutes": None, "reopen_to": None,
}  # fmt: skip
FILES = {
    "queues.yaml": "queues: [受付, 予約: {hours: late, accounts: [other]}]\n",
    "calendars/late.yaml": "weekly: {mon-sun: 22:00-24:00}\n",
}


def change(version: int = 0, queues: dict[str, Any] | None = None, **house: Any) -> dict[str, Any]:
    return {"version": version, "house": {**PLAIN, **house}, "queues": queues or {}}


def test_a_manager_decides_and_everybody_else_reads_or_is_refused(
    sign_in: SignIn, talk: str, house: House
) -> None:
    publish_folder(house.store, folder_of(FILES), Wish("finish", ""), house.clock())
    manager, leader, operator = sign_in("manager"), sign_in("supervisor"), sign_in("operator")
    before = leader.get("/desk/rules").get_json()
    assert (before["version"], before["house"], before["may_change"]) == (0, PLAIN, False)
    assert [(q["queue"], q["hours"], q["accounts"]) for q in before["queues"]] == [
        ("受付", None, []),
        ("予約", "late", ["other"]),
    ]
    assert operator.get("/desk/rules").status_code == 403
    wanted = change(first_minutes=15, assign=["owner", "least_busy"], most_open=3)
    wanted["queues"] = {"予約": {**PLAIN, "first_minutes": 0, "hours": "always"}}
    for browser in (leader, operator):
        assert code_error(browser.call("PUT", "/desk/rules", wanted)) == (403, "forbidden")

    decided = manager.call("PUT", "/desk/rules", wanted).get_json()

    assert (decided["version"], decided["changed_by"]) == (1, "見本 manager")
    assert decided["house"]["assign"] == ["owner", "least_busy"]
    assert decided["queues"][1]["rule"]["first_minutes"] == 0
    assert "desk_rules_changed" in told(house.store)
    [deed] = [r for r in audit_rows(house) if r.kind == "desk_rules_changed"]
    assert ["", "first_minutes", None, 15] in deed.params["changes"]
    assert ["予約", "hours", None, "always"] in deed.params["changes"]


def audit_rows(house: House) -> Any:
    rows, _ = house.store.read(lambda db: audit.list_rows(db, Wanted()))
    return rows


def test_of_two_managers_the_one_who_read_the_older_rules_is_told(
    sign_in: SignIn, talk: str
) -> None:
    manager = sign_in("manager")
    assert manager.call("PUT", "/desk/rules", change(first_minutes=15)).status_code == 200

    stale = manager.call("PUT", "/desk/rules", change(first_minutes=30))

    assert code_error(stale) == (409, "stale")
    assert "窓口の決まり" in stale.get_json()["error"]["message"]
    assert manager.get("/desk/rules").get_json()["house"]["first_minutes"] == 15
    again = manager.call("PUT", "/desk/rules", change(1, first_minutes=30))
    assert again.get_json()["version"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_minutes": -1},
        {"first_minutes": 10_081},
        {"first_minutes": 1.5},
        {"assign": ["somebody"]},
        {"assign": ["owner", "owner"]},
        {"hours": "sometimes"},
        {"reopen_to": "bot"},
        {"most_open": 1001},
        {"colour": 1},
    ],
)
def test_a_rule_that_cannot_be_is_refused_whole(
    sign_in: SignIn, talk: str, wrong: dict[str, Any]
) -> None:
    manager = sign_in("manager")

    assert code_error(manager.call("PUT", "/desk/rules", change(**wrong))) == (400, "bad_request")
    unknown = change(queues={"どこにもない": PLAIN})
    assert code_error(manager.call("PUT", "/desk/rules", unknown)) == (400, "bad_request")
    assert manager.get("/desk/rules").get_json()["version"] == 0


def test_a_manager_who_sees_some_accounts_reads_the_rules_of_all_and_changes_none(
    sign_in: SignIn, talk: str
) -> None:
    walled = sign_in("manager", ("main",))

    assert walled.get("/desk/rules").get_json()["may_change"] is False
    assert code_error(walled.call("PUT", "/desk/rules", change())) == (403, "forbidden")


def test_a_target_shows_at_the_talk_once_it_is_decided(
    sign_in: SignIn, talk: str, house: House, clock: Clock
) -> None:
    manager = sign_in("manager")
    assert manager.get(f"/conversations/{talk}").get_json()["conversation"]["reply_due_at"] is None
    manager.call("PUT", "/desk/rules", change(first_minutes=15))
    epoch = manager.get(f"/conversations/{talk}").get_json()["conversation"]["epoch"]

    taken = manager.post(f"/conversations/{talk}/take", epoch=epoch).get_json()

    assert taken["reply_due_at"] == "2026-11-24T02:15:00.000Z"
    assert taken["reply_risk_at"] == "2026-11-24T02:10:00.000Z"
    detail = manager.get(f"/conversations/{talk}").get_json()
    assert detail["handoff"]["first_due_at"] == taken["reply_due_at"]
    clock.pass_s(60)
    sent = manager.post(
        f"/conversations/{talk}/messages", client_msg_id="1", text="はい", seen_seq=9
    )
    assert sent.status_code == 201
    detail = manager.get(f"/conversations/{talk}").get_json()
    assert detail["conversation"]["reply_due_at"] is None
    assert detail["handoff"]["first_replied_at"] == "2026-11-24T02:01:00.000Z"


def test_everybody_says_of_themselves_and_leaders_of_others(
    sign_in: SignIn, talk: str, house: House
) -> None:
    leader, operator = sign_in("supervisor"), sign_in("operator")
    viewer = sign_in("viewer")
    operator.post(f"/conversations/{talk}/take", epoch=1)

    def of(browser: Any, id_: str, **body: Any) -> Any:
        return browser.call("PUT", f"/desk/people/{id_}", body)

    away = of(operator, operator.id, is_receiving=False).get_json()
    assert (away["is_receiving"], away["state"], away["open_count"]) == (False, "offline", 1)
    assert code_error(of(operator, leader.id, is_out=True)) == (403, "forbidden")
    assert code_error(of(viewer, viewer.id, is_out=True)) == (403, "forbidden")
    past = of(operator, operator.id, is_out=True, until="2026-11-24T01:00:00Z")
    assert code_error(past) == (400, "bad_request")
    assert code_error(of(leader, "nobody", is_out=True)) == (404, "not_found")

    out = of(leader, operator.id, is_out=True, until="2026-11-25T00:00:00Z").get_json()

    assert (out["state"], out["out_until"], out["moved"]) == (
        "out",
        "2026-11-25T00:00:00.000Z",
        1,
    )
    kept = house.store.read(lambda db: db.get_one(Conversation, talk))
    assert (kept.status, kept.assignee_id) == ("waiting", None)
    shown = viewer.get("/desk/people").get_json()["items"]
    assert {one["id"]: one["state"] for one in shown}[operator.id] == "out"
    assert of(operator, operator.id, is_out=False).get_json()["state"] == "offline"
    assert [k for k in told(house.store) if k.startswith("desk")] == ["desk_out"]


def test_a_talk_goes_to_no_queue_that_is_for_other_accounts(
    sign_in: SignIn, talk: str, house: House
) -> None:
    publish_folder(house.store, folder_of(FILES), Wish("finish", ""), house.clock())
    leader = sign_in("supervisor")
    assert leader.get("/house").get_json()["queue_accounts"] == {"予約": ["other"]}

    def move(queue: str) -> Any:
        body = {"operator_id": None, "queue": queue, "epoch": 1}
        return leader.call("POST", f"/conversations/{talk}/assign", body)

    assert code_error(move("予約")) == (400, "bad_request")
    assert move("受付").status_code == 200
