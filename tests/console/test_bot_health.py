"""The bot's health through the door: figures, the talks behind them, roles and walls."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.door import House
from tests import given
from tests.console.conftest import Browser, Clock, SignIn
from tests.shop import Shop, a_shop

VISIT = """flow: visit
title: 来店の質問
start: [{keyword: 質問}]
cancel_words: [やめる]
steps:
  - ask: 初めてですか?
    id: first
    choices: [はい, いいえ]
    timeout: {after: 3h}
  - ask: 何名ですか?
    id: count
    type: number
    timeout: {after: 3h}
  - end: done
"""
FAQ = """flow: faq
title: よくある質問
start: [message]
steps:
  - faq: message
    id: look
    unknown: {handoff: 受付}
  - end: done
"""
QUESTIONS = """faq: q
entries:
  - id: parking
    ask: [駐車場はありますか, 車で行けますか, 車は何台]
    answer: 3台です。
"""
FILES = {"visit.yaml": VISIT, "faq.yaml": FAQ, "faq/q.yaml": QUESTIONS}


def user(number: int) -> str:
    return f"U{number:032d}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "flows"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture
def shop(house: House, clock: Clock) -> Shop:
    """Four people at the questions; one asked the FAQ in vain, and waits for a person."""
    opened = a_shop(house.store, clock.now, FILES)
    for number, texts in enumerate((["はい", "2"], ["いいえ", "さあ", "3"], ["やめる"], [])):
        for text in ("質問", *texts):
            opened.says(text, user(number))
    opened.says("ポイントカードの期限", user(9))
    clock.now = opened.now + timedelta(minutes=10)
    return opened


def health(browser: Browser, flow: str = "visit", query: str = "") -> dict[str, Any]:
    row: dict[str, Any] = browser.get(f"/flows/{flow}/health{query}").get_json()
    return row


def steps(row: Mapping[str, Any]) -> dict[str, Any]:
    return {step["step"]: step for step in row["steps"]}


def talks(browser: Browser, query: str, flow: str = "visit") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"/flows/{flow}/health/talks?{query}").json["items"]
    return found


def test_a_flow_tells_how_it_fares_question_by_question(shop: Shop, sign_in: SignIn) -> None:
    row = health(sign_in("supervisor"))

    assert (row["title"], row["file"], row["version"]) == ("来店の質問", "visit.yaml", None)
    assert (row["versions"], row["published"], row["days"]) == ([1], 1, 30)
    figures = ("begun", "running", "finished", "dropped", "cut_off", "handed_off")
    assert [row["runs"][name] for name in figures] == [4, 1, 2, 1, 0, 0]
    assert (row["runs"]["median_s"], row["runs"]["p90_s"]) == (120, 180)
    assert list(steps(row)) == ["first", "count"]
    first, count = steps(row)["first"], steps(row)["count"]
    assert (first["verb"], first["text"]) == ("ask", "初めてですか?")
    assert [first[name] for name in ("reached", "on", "left", "here")] == [4, 2, 1, 1]
    assert (count["reached"], count["retried"], count["wrong"]) == (2, 1, 1)


def test_each_figure_leads_to_the_talks_behind_it(shop: Shop, sign_in: SignIn) -> None:
    browser = sign_in("supervisor")

    (left,) = talks(browser, "step=first&figure=left")
    assert (left["words"], left["why"], left["step"]) == ("やめる", "cancelled", "first")
    assert browser.get(f"/conversations/{left['conversation_id']}").status_code == 200
    (retried,) = talks(browser, "step=count&figure=retried")
    assert (retried["wrong"], retried["words"]) == (1, "さあ")
    assert [one["why"] for one in talks(browser, "figure=finished")] == ["done", "done"]
    (handed,) = talks(browser, "figure=handed_off", "faq")
    assert handed["words"] == "ポイントカードの期限"
    assert talks(browser, "step=nowhere&figure=left") == []
    for query in ("figure=nonsense", "step=first&figure=begun", "figure=left"):
        assert browser.get(f"/flows/visit/health/talks?{query}").status_code == 400
    assert browser.get("/flows/visit/health/talks?after=x").status_code == 404


def test_a_version_and_a_time_are_chosen_or_refused(
    shop: Shop, sign_in: SignIn, clock: Clock
) -> None:
    browser = sign_in("supervisor")
    shop.publish({**FILES, "visit.yaml": VISIT.replace("[はい, いいえ]", "[はい, いいえ, さあ]")})

    assert health(browser, query="?version=2")["runs"]["begun"] == 0
    assert health(browser, query="?version=1")["runs"]["begun"] == 4
    assert health(browser)["versions"] == [2, 1]
    clock.pass_s(8 * 86_400)
    browser = sign_in("manager")
    assert health(browser, query="?days=7")["runs"]["begun"] == 0
    assert health(browser, query="?days=30&version=all")["runs"]["begun"] == 4
    answers = [
        browser.get(f"/flows/visit/health?{query}").status_code
        for query in ("days=x", "version=3", "version=x")
    ]
    assert answers == [400, 404, 404]
    assert browser.get("/flows/nobody/health").status_code == 404
    assert browser.get("/flows/nobody/health/talks").status_code == 404


def test_the_whole_bot_stands_on_one_page(shop: Shop, sign_in: SignIn) -> None:
    row = sign_in("supervisor").get("/flows/health").get_json()

    flows = {item["id"]: item for item in row["items"]}
    assert set(flows) == {"visit", "faq"}
    assert (flows["visit"]["file"], flows["visit"]["runs"]["dropped"]) == ("visit.yaml", 1)
    assert (flows["visit"]["worst"]["step"], flows["faq"]["worst"]) == ("first", None)
    assert flows["faq"]["runs"]["handed_off"] == 1
    assert (row["unanswered"], row["alone"]) == (1, 1)
    assert row["longest_id"] == shop.talk(user(9)).id


def test_no_figure_crosses_the_wall_and_operators_see_none(
    shop: Shop, sign_in: SignIn, house: House, clock: Clock
) -> None:
    house.store.write(lambda db: given.an_account(db, clock.now, "other", provider="別の見本"))
    elsewhere, operator = sign_in("supervisor", accounts=("other",)), sign_in("operator")

    assert health(elsewhere)["runs"]["begun"] == 0
    assert steps(health(elsewhere))["first"]["reached"] == 0
    assert talks(elsewhere, "figure=dropped") == talks(elsewhere, "step=first&figure=left") == []
    row = elsewhere.get("/flows/health").get_json()
    assert (row["unanswered"], row["alone"], row["longest_id"]) == (0, 0, None)
    for path in ("/flows/health", "/flows/visit/health", "/flows/visit/health/talks"):
        assert operator.get(path).status_code == 403
