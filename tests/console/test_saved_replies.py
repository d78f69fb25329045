"""Saved replies through the door: roles, walls, placeholders and what is missing."""

from typing import Any

import pytest

from console.cli.demo_replies import REPLIES
from console.door import House
from console.reply_texts import find_mistakes
from flows.language.book import build
from flows.language.loader import load_folder
from storage.conversations import Scope, get_conversation
from storage.customers import FieldChange, rename, set_fields
from storage.flow_versions import NewVersion, publish
from storage.journal import SYSTEM
from tests.console.conftest import SignIn
from tests.flows.test_salon import FLOWS

TEXT = (
    "{{name | san}}、{{account}}の{{operator}}です。{{field.booking_at | datetime}}にお待ちします。"
)
PATH = "/saved-replies"


@pytest.fixture(autouse=True)
def published(house: House) -> None:
    """The salon's fields."""
    made = build(load_folder(FLOWS))
    versions = [NewVersion(made.house.flow_id, made.house.hash, "house", made.house.tree)]
    house.store.write(lambda db: publish(db, versions, None, house.clock()))


def name_customer(house: House, talk: str, name: str | None, fields: dict[str, Any]) -> None:
    def work(db: Any) -> None:
        customer = get_conversation(db, Scope("x"), talk).customer_id
        rename(db, customer, name, SYSTEM, house.clock())
        changes = [FieldChange(key, value, {}) for key, value in fields.items()]
        set_fields(db, customer, changes, SYSTEM, house.clock())

    house.store.write(work)


def test_staff_read_and_fill_and_leaders_write(sign_in: SignIn, talk: str, house: House) -> None:
    staff, leader, viewer = sign_in(), sign_in("supervisor"), sign_in("viewer")
    name_customer(house, talk, "見本 花子", {"booking_at": "2026-12-01T10:00"})

    assert staff.post(PATH, title="予約", text=TEXT).status_code == 403
    made = leader.post(PATH, title=" 予約 ", text=TEXT, shortcut="yoyaku")
    assert made.status_code == 201
    reply = made.get_json()
    assert (reply["title"], reply["updated_by"], reply["uses"]) == ("予約", "見本 supervisor", 0)
    fill = f"/conversations/{talk}{PATH}/{reply['id']}/fill"
    assert viewer.post(fill).status_code == viewer.get(PATH).status_code == 403

    assert staff.post(fill).get_json() == {
        "text": "見本 花子さん、見本のお店の見本 operatorです。12月1日(火) 10:00にお待ちします。",
        "missing": [],
    }
    assert staff.get(PATH).get_json()["items"][0]["uses"] == 1

    changed = leader.call(
        "PUT", f"{PATH}/{reply['id']}", {"title": "予約", "text": "1", "version": 1}
    )
    assert changed.get_json()["version"] == 2
    assert staff.call("DELETE", f"{PATH}/{reply['id']}", {"version": 2}).status_code == 403
    stale = leader.call("DELETE", f"{PATH}/{reply['id']}", {"version": 1})
    assert stale.get_json()["error"]["details"] == {"version": 2}
    assert leader.call("DELETE", f"{PATH}/{reply['id']}", {"version": 2}).status_code == 200
    assert staff.get(PATH).get_json()["items"] == []
    assert staff.post(fill).status_code == 404
    assert leader.post(f"{PATH}/{reply['id']}/restore").status_code == 200
    assert staff.post(fill).status_code == 200

    history = sign_in("manager").get("/audit?what=replies").get_json()["items"]
    assert [(one["kind"], one["actor"]["name"]) for one in history] == [
        (f"reply_{deed}", "見本 supervisor") for deed in ("restored", "removed", "changed", "added")
    ]


def test_what_is_missing_stays_open_with_its_title_and_place(
    sign_in: SignIn, talk: str, house: House
) -> None:
    leader = sign_in("supervisor")
    name_customer(house, talk, None, {"phone": "{{name}}"})
    text = "😊{{name | san}} {{field.birthday | date}} {{field.nps | default:なし}} {{field.phone}}"
    reply = leader.post(PATH, title="確認", text=text).get_json()

    filled = leader.post(f"/conversations/{talk}{PATH}/{reply['id']}/fill").get_json()

    # What the card says is a value, whatever it looks like.
    assert filled["text"] == "😊{{お客様の名前}} {{お誕生日}} なし {{name}}"
    units = filled["text"].encode("utf-16-le")
    cut = [
        units[2 * hole["start"] : 2 * hole["end"]].decode("utf-16-le") for hole in filled["missing"]
    ]
    assert cut == ["{{お客様の名前}}", "{{お誕生日}}"]


def test_the_walls_of_accounts_stand(sign_in: SignIn, talk: str) -> None:
    everywhere, inside = sign_in("supervisor"), sign_in("supervisor", accounts=("other",))
    of_main = everywhere.post(PATH, title="本店", text="本店です", account="main").get_json()
    of_all = everywhere.post(PATH, title="全店", text="全店です").get_json()
    of_other = inside.post(PATH, title="別店", text="別店です", account="other").get_json()

    seen = inside.get(PATH).get_json()
    assert {one["title"]: one["may_change"] for one in seen["items"]} == {
        "全店": False,
        "別店": True,
    }
    assert not seen["may_share"]
    assert everywhere.get(PATH).get_json()["may_share"]
    refused = inside.post(PATH, title="全店2", text="全店です")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "of_every_account")
    change = {"title": "題", "text": "文", "version": 1, "account": "other"}
    assert inside.call("PUT", f"{PATH}/{of_main['id']}", change).status_code == 404
    assert inside.call("PUT", f"{PATH}/{of_all['id']}", change).status_code == 409
    assert inside.post(PATH, title="題", text="文", account="main").status_code == 404
    assert inside.post(f"/conversations/{talk}{PATH}/{of_all['id']}/fill").status_code == 404
    # It serves another account than the talk's.
    assert everywhere.post(f"/conversations/{talk}{PATH}/{of_other['id']}/fill").status_code == 404
    assert everywhere.post(f"/conversations/{talk}{PATH}/{of_all['id']}/fill").status_code == 200
    found = everywhere.get(f"{PATH}?account=main").get_json()["items"]
    assert {one["title"] for one in found} == {"本店", "全店"}


@pytest.mark.parametrize(
    ("text", "start", "line", "column", "word"),
    [
        ("😊\nこんにちは{{nmae}}", 8, 2, 6, "nmae"),
        ("{{name}} {{field.nothing | san}}", 9, 1, 10, "field.nothing"),
        ("{{answer.menu}}", 0, 1, 1, "answer.menu"),
        ("{{name | sann}}", 0, 1, 1, "sann"),
        ("{{name}}\n{{name", 9, 2, 1, "閉じて"),
        ("{{name}} }}", 9, 1, 10, "}} の前"),
        ("}} {{name}}", 0, 1, 1, "}} の前"),
        ("{{ }}", 0, 1, 1, "空"),
    ],
)
def test_a_placeholder_that_is_none_is_refused_with_its_place(
    sign_in: SignIn, text: str, start: int, line: int, column: int, word: str
) -> None:
    leader = sign_in("manager")
    shown = leader.post(f"{PATH}/preview", text=text).get_json()

    refused = leader.post(PATH, title="題", text=text)

    assert refused.status_code == 400
    error = refused.get_json()["error"]
    assert error["code"] == "bad_placeholders"
    (problem,) = error["details"]["problems"]
    assert (problem["start"], problem["line"], problem["column"]) == (start, line, column)
    assert word in problem["message"]
    assert shown["problems"] == [problem]
    assert leader.get(PATH).get_json()["items"] == []


def test_lengths_are_counted_as_line_counts(sign_in: SignIn) -> None:
    leader = sign_in("supervisor")

    assert leader.post(PATH, title="題", text="😊" * 2500).status_code == 201
    refused = leader.post(PATH, title="題", text="😊" * 2500 + "1")
    assert refused.get_json()["error"]["details"]["problems"][0]["at"] == "text"
    shown = leader.post(f"{PATH}/preview", text="😊" * 2501)
    assert shown.get_json()["units"] == 5002
    for wrong in ({"title": " "}, {"text": " \n"}, {"shortcut": "a b"}, {"shortcut": "／a"}):
        given = {"title": "題", "text": "文", **wrong}
        at = leader.call("POST", PATH, given).get_json()["error"]["details"]["problems"][0]["at"]
        assert at == next(iter(wrong))


def test_search_reads_as_people_type_and_the_preview_shows_a_sample(sign_in: SignIn) -> None:
    leader = sign_in("supervisor")
    leader.post(PATH, title="駐車場", text="裏に３台ございます", shortcut="Parking")
    leader.post(PATH, title="お礼", text="ありがとうございます")

    def found(words: str) -> list[str]:
        return [one["title"] for one in leader.get(f"{PATH}?q={words}").get_json()["items"]]

    assert found("3台") == found("ＰＡＲＫ") == found("/parking") == found("駐車 裏") == ["駐車場"]
    assert found("駐車 お礼") == []
    sample = leader.post(
        f"{PATH}/preview", text="{{name | san}} {{field.age_group}} {{field.birthday | date}}"
    ).get_json()
    assert (sample["text"], sample["problems"]) == ("見本 花子さん 10代 12月1日(火)", [])


def test_the_samples_of_the_demo_fit_the_flows_of_the_demo() -> None:
    fields = load_folder(FLOWS).fields or {}

    assert [find_mistakes(one.text, fields, "ja") for one in REPLIES] == [[], [], []]
    assert find_mistakes("{{field.no}}", fields, "ja") != []
