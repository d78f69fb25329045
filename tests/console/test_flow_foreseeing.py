"""Before a publish or a rollback: who is in the middle, what past talks would do. Then the deed."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from console.door import House
from storage import flow_versions
from storage.models.flows import FlowVersion
from tests import given
from tests.console.conftest import Browser, SignIn
from tests.shop import Shop, a_shop

FLOW = """flow: order
title: 見本の注文
start: [{keyword: 注文}]
steps:
  - ask: 大きさは?
    id: size
    choices: [大, 小]
    timeout: {after: 1h}
  - ask: 何個ですか?
    id: n
    type: number
    timeout: {after: 1h}
  - say: "{{answer.size}}を{{answer.n}}個ですね。"
  - end: done
"""
OTHER = """flow: hours
title: 見本の時間
start: [{keyword: 時間}]
steps:
  - ask: どの日ですか?
    id: day
    choices: [今日, 明日]
    timeout: {after: 1h}
  - say: "{{answer.day}}ですね。"
  - end: done
"""
MORE = """  - ask: 何時ですか?
    id: hour
    type: number
    timeout: {after: 1h}
  - say: "{{answer.day}}の{{answer.hour}}時ですね。"
"""
FILES = {"order.yaml": FLOW, "hours.yaml": OTHER}
SECOND, THIRD = ("U" + sign * 32 for sign in "23")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text)
    return path


@pytest.fixture
def shop(house: House, now: datetime) -> Shop:
    """One stands at the size of an order, one at its number, one at the day of another flow."""
    shop = a_shop(house.store, now, FILES)
    shop.says("注文")
    shop.says("注文", SECOND)
    shop.says("小", SECOND)
    shop.says("時間", THIRD)
    return shop


def fewer_sizes(folder: Path) -> None:
    """大 is gone from the order, and the other flow asks on."""
    (folder / "order.yaml").write_text(FLOW.replace("大, 小", "小, 中"))
    before, say, after = OTHER.partition("  - say")
    (folder / "hours.yaml").write_text(before + MORE + say + after)


def fates(answer: Any) -> dict[str, dict[str, int]]:
    return {one["flow"]: one["fates"] for one in answer.get_json()["middles"]}


def code(answer: Any) -> str:
    return str(answer.get_json()["error"]["code"])


def test_those_in_the_middle_are_told_of_for_each_choice_and_nothing_changes(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)
    seen = manager.get("/flows").get_json()["folder_hash"]

    finish = manager.post("/flows/foresee", folder_hash=seen)
    move = manager.post("/flows/foresee", running="move")
    each = manager.post("/flows/foresee", running={"order": "restart"})
    asks = {"Accept-Language": "en"}
    english = manager.call("POST", "/flows/foresee", {"running": "move"}, **asks)

    assert sorted(finish.get_json()["changed"]) == ["hours", "order"]
    assert fates(finish) == {"hours": {"stay": 1}, "order": {"stay": 2}}
    assert fates(move) == {"hours": {"move": 1}, "order": {"stay": 1, "move": 1}}
    assert fates(each) == {"hours": {"stay": 1}, "order": {"restart": 2}}
    (_, order) = move.get_json()["middles"]
    assert (order["title"], order["people"]) == ("見本の注文", 2)
    assert order["whys"] == {"質問「size」の選択肢「大」がなくなりました": 1}
    (_, told) = english.get_json()["middles"]
    assert told["whys"] == {"the question “size” has lost its choice “大”": 1}
    (row, *_) = manager.get("/flows/order/versions").get_json()["items"]
    assert row["number"] == 1


def test_a_choice_for_a_flow_that_is_none_is_refused_and_nothing_is_published(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)

    foreseen = manager.post("/flows/foresee", running={"ordre": "restart"})
    published = manager.post("/flows/publish", running={"ordre": "stop"})

    assert [(a.status_code, code(a)) for a in (foreseen, published)] == [(400, "bad_request")] * 2
    assert published.get_json()["error"]["details"]["flows"] == ["ordre"]
    (row, *_) = manager.get("/flows/order/versions").get_json()["items"]
    assert row["number"] == 1
    assert manager.post("/flows/foresee", running={"order": "restart"}).status_code == 200


def test_each_flow_is_published_with_its_own_choice(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)

    done = manager.post("/flows/publish", running={"order": "restart", "hours": "move"})
    shop.work()
    shop.says("今日", THIRD)

    assert sorted(done.get_json()["changed"]) == ["hours", "order"]
    assert [run.end for run in shop.runs()] == ["restarted", None]
    assert shop.texts(THIRD)[-1] == "何時ですか?"


def test_without_a_choice_everybody_finishes_on_the_version_that_they_began(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)

    manager.post("/flows/publish")
    shop.work()
    shop.says("大")

    assert [run.end for run in shop.runs()] == [None]
    assert shop.texts()[-1] == "何個ですか?"


def test_a_step_that_is_taken_away_is_warned_of_unless_nobody_misses_it(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    renamed = FLOW.replace("id: size", "id: wanted").replace("answer.size", "answer.wanted")
    (folder / "order.yaml").write_text(renamed)

    finish = manager.post("/flows/foresee").get_json()
    stop = manager.post("/flows/foresee", running={"order": "stop"}).get_json()
    refused = manager.post("/flows/publish")
    done = manager.post("/flows/publish", running={"order": "stop"})

    assert [problem["code"] for problem in finish["warnings"]] == ["W213"]
    assert stop["warnings"] == []
    assert (code(refused), done.status_code) == ("warned", 200)


def test_a_folder_that_cannot_be_published_has_nothing_to_foresee(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    seen = manager.get("/flows").get_json()["folder_hash"]
    (folder / "order.yaml").write_text(FLOW.replace("- end: done", "- goto: nowhere"))

    answers = [
        manager.post(path, **body)
        for path in ("/flows/foresee", "/flows/replay")
        for body in ({"folder_hash": seen}, {})
    ]

    assert [code(answer) for answer in answers] == ["stale", "broken_flows"] * 2
    assert manager.post("/flows/foresee", running="dance").status_code == 400
    assert manager.post("/flows/foresee", running={"order": "dance"}).status_code == 400


def test_only_managers_foresee(sign_in: SignIn, shop: Shop) -> None:
    supervisor = sign_in("supervisor")
    answers = [
        supervisor.post("/flows/foresee"),
        supervisor.post("/flows/replay"),
        supervisor.post("/flows/order/foresee", number=1),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_past_talks_are_done_again_in_the_folder_with_masked_examples(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    shop.says("12", SECOND)
    (folder / "order.yaml").write_text(
        FLOW.replace("type: number", "type: number\n    range: [1, 9]")
    )

    told = manager.post("/flows/replay").get_json()
    newest = manager.post("/flows/replay", last=1).get_json()

    assert {flow["flow"]: (flow["runs"], flow["not_accepted"]) for flow in told["flows"]} == {
        "hours": (1, 0), "order": (2, 1),
    }  # fmt: skip
    (example,) = told["examples"]
    assert (example["flow"], example["group"], example["step"]) == ("order", "not_accepted", "n")
    assert example["before"] == "見本の文1"  # not what the friend typed
    assert told["summary"]["runs"] == 3
    assert newest["summary"]["runs"] == 1
    assert manager.post("/flows/replay", last=0).status_code == 400


def test_no_example_comes_from_the_other_side_of_the_wall(
    sign_in: SignIn, house: House, shop: Shop, now: datetime
) -> None:
    house.store.write(lambda db: given.an_account(db, now, "other", provider="別の見本"))
    here, elsewhere = sign_in("manager"), sign_in("manager", ("other",))

    runs = [b.post("/flows/replay").get_json()["summary"]["runs"] for b in (here, elsewhere)]
    people = fates(elsewhere.post("/flows/order/foresee", number=1))

    assert runs == [3, 0]
    assert people == {}  # they stand in that very version


def test_a_rollback_is_foreseen_and_takes_those_in_the_middle_along(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)
    manager.post("/flows/publish", running="move")
    shop.work()

    foreseen = manager.post("/flows/order/foresee", number=1, running="move")
    back = manager.post("/flows/order/rollback", number=1, running="move")
    shop.work()
    shop.says("1", SECOND)

    assert fates(foreseen) == {"order": {"move": 1}}  # the other one never left that version
    assert back.get_json()["items"][0]["number"] == 1
    assert manager.post("/flows/order/foresee", number=9).status_code == 404
    first = flow_versions_of(shop)[1]
    assert shop.runs(SECOND)[0].hash == first
    assert shop.texts(SECOND)[-1] == "小を1個ですね。"


def test_nobody_is_sent_back_to_a_version_that_cannot_be_read(
    manager: Browser, shop: Shop, folder: Path
) -> None:
    fewer_sizes(folder)
    manager.post("/flows/publish")
    first = flow_versions_of(shop)[1]

    def spoil(db: Any) -> None:
        db.get_one(FlowVersion, first).bundle = {"grammar": 99, "flow": {}}

    shop.store.write(spoil)

    answers = [
        manager.post("/flows/order/foresee", number=1),
        manager.post("/flows/order/rollback", number=1),
    ]

    assert [(a.status_code, code(a)) for a in answers] == [(409, "unreadable_version")] * 2
    assert manager.get("/flows/order/versions").get_json()["items"][0]["number"] == 2


def flow_versions_of(shop: Shop) -> dict[int, str]:
    """The order's versions, by their numbers."""
    moves = shop.store.read(lambda db: flow_versions.history(db, "order"))
    return {move.number or 0: move.hash or "" for move in moves}
