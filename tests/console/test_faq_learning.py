"""What the FAQ could not answer, before managers, on both databases."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from console.door import House
from flows.language.loader import load_files
from storage import faq_questions, flow_versions, post
from storage.faq_questions import NewQuestion
from storage.models.talks import Conversation
from storage.runs import RunState, save_run
from tests import given
from tests.console.conftest import SignIn

FAQ = """faq: salon
entries:
  - id: parking  # 車
    ask: [駐車場はありますか, 車で行けますか, 車はどこに停められますか]
    answer: 裏に3台ございます
  - id: payment
    ask:
      - 支払い方法を教えてください
      - カードは使えますか   # いちばん多い
    answer: 現金とカードがご利用いただけます
"""
ASKED = (
    ("クレカ払いはできますか", "picked", "payment"),
    ("ネイルはやっていますか", "unknown", None),
    ("ネイルやっていますか?", "unknown", None),
    ("駐車場はありますか", "answered", "parking"),
)
"""Of the account `main`; another of `other`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    (path / "faq").mkdir(parents=True)
    (path / "faq" / "salon.yaml").write_text(FAQ)
    return path


@pytest.fixture
def asked(house: House) -> str:
    """Four questions of one talk on `main`, and one on `other`; the id of the first talk."""
    now = house.clock()

    def work(db: Session) -> str:
        flow_versions.publish(db, [given.a_version(flow_id="question")], None, now)
        here = given.a_waiting_talk(db, given.an_account(db, now), now)
        there = given.an_account(db, now, "other", provider="別の見本")
        _ask(db, here, ASKED, now)
        _ask(
            db, given.a_talk(db, there, now), (("着付けの予約をしたいです", "unknown", None),), now
        )
        return here.id

    return house.store.write(work)


def _ask(db: Session, talk: Conversation, questions: Any, now: Any) -> None:
    run_id = f"run-{talk.account_id}"
    save_run(db, talk, RunState(run_id, "question", "h1", "going", {}, now), now)
    for text, outcome, entry in questions:
        faq_questions.keep(db, talk, NewQuestion(run_id, text, outcome, entry), now)


def ids(item: dict[str, Any]) -> list[int]:
    return [question["id"] for question in item["questions"]]


def test_what_went_unanswered_is_grouped_for_managers_alone(sign_in: SignIn, asked: str) -> None:
    manager, supervisor = sign_in("manager"), sign_in("supervisor")

    nail, *others = manager.get("/faq/learning?days=30").get_json()["items"]

    assert (nail["entry"], nail["entry_ask"], nail["answer"], nail["count"]) == (
        None,
        None,
        None,
        2,
    )
    assert [question["text"] for question in nail["questions"]] == [ASKED[1][0], ASKED[2][0]]
    assert {question["conversation_id"] for question in nail["questions"]} == {asked}
    found = {item["entry"]: (item["entry_ask"], item["ask"]) for item in others}
    assert found["payment"] == ("支払い方法を教えてください", ["クレカ払いはできますか"])
    assert manager.get("/faq/learning?days=x").status_code == 400
    for path in ("/faq/learning/settle", "/faq/learning/draft"):
        assert supervisor.post(path, ids=ids(nail)).status_code == 403
    assert supervisor.get("/faq/learning").status_code == 403


def test_what_is_long_ago_is_left_out(sign_in: SignIn, asked: str, clock: Any) -> None:
    clock.pass_s(86400 * 3)
    manager = sign_in("manager")

    assert len(manager.get("/faq/learning").get_json()["items"]) == 3
    assert manager.get("/faq/learning?days=2").get_json()["items"] == []


def test_a_proposal_is_put_into_the_text_and_saved_by_nobody(
    sign_in: SignIn, asked: str, house: House
) -> None:
    manager = sign_in("manager")
    items = manager.get("/faq/learning").get_json()["items"]
    pay = next(item for item in items if item["entry"] == "payment")

    way = manager.post("/faq/learning/draft", ids=ids(pay)).get_json()
    entry = manager.post("/faq/learning/draft", ids=ids(items[0])).get_json()

    line = "      - カードは使えますか   # いちばん多い\n"
    assert way["text"] == FAQ.replace(line, f"{line}      - クレカ払いはできますか\n")
    assert entry["text"].startswith(FAQ)
    (problem,) = load_files({"faq/salon.yaml": entry["text"].encode()}).loading_problems()
    assert (problem.code, problem.message) == ("F003", "答えが空です。")  # nobody has written one
    grown = entry["text"].replace('answer: ""', "answer: ございます")
    entries = load_files({"faq/salon.yaml": grown.encode()}).faqs["salon"].entries
    assert {ask.text for ask in entries[-1].ask} == {ASKED[1][0], ASKED[2][0]}
    saved = manager.get("/flows/files/faq/salon.yaml").get_json()
    assert (saved["text"], saved["hash"]) == (FAQ, way["hash"])
    assert way["file"] == entry["file"] == "faq/salon.yaml"
    written = {"text": grown, "hash": entry["hash"]}
    assert manager.call("PUT", "/flows/files/faq/salon.yaml", written).status_code == 200
    assert manager.post("/faq/learning/draft", ids=ids(items[0])).status_code == 404
    assert len(manager.get("/faq/learning").get_json()["items"]) == 2


def test_a_new_entry_has_the_answer_that_staff_gave(
    sign_in: SignIn, asked: str, house: House
) -> None:
    manager = sign_in("manager")

    def reply(db: Session) -> None:
        said = replace(given.a_reply(), texts=["ネイル: 行っておりません # 見本"])
        post.send(db, asked, given.an_operator(db, house.clock()), said, house.clock())

    house.store.write(reply)
    nail = manager.get("/faq/learning").get_json()["items"][0]
    text = manager.post("/faq/learning/draft", ids=ids(nail)).get_json()["text"]

    assert nail["answer"] == "ネイル: 行っておりません # 見本"
    assert 'answer: "ネイル: 行っておりません # 見本"' in text


def test_the_accounts_wall_stands_before_questions_too(sign_in: SignIn, asked: str) -> None:
    everywhere, outside = sign_in("manager"), sign_in("manager", accounts=("other",))
    nail = everywhere.get("/faq/learning").get_json()["items"][0]

    theirs = outside.get("/faq/learning").get_json()["items"]
    hidden = outside.post("/faq/learning/draft", ids=ids(nail))
    outside.post("/faq/learning/settle", ids=ids(nail))
    kept = everywhere.get("/faq/learning").get_json()["items"]
    everywhere.post("/faq/learning/settle", ids=ids(nail))
    left = everywhere.get("/faq/learning").get_json()["items"]

    assert [item["questions"][0]["text"] for item in theirs] == ["着付けの予約をしたいです"]
    assert hidden.status_code == 404
    assert (len(kept), len(left)) == (3, 2)
    assert everywhere.post("/faq/learning/draft", ids=ids(nail)).status_code == 404


def test_without_a_faq_that_loads_there_is_nothing_to_write_into(
    sign_in: SignIn, asked: str, house: House
) -> None:
    manager = sign_in("manager")
    nail = manager.get("/faq/learning").get_json()["items"][0]
    (house.settings.flows_dir / "faq" / "salon.yaml").write_text("faq: salon\n")

    refused = manager.post("/faq/learning/draft", ids=ids(nail))

    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "no_faq_file")
