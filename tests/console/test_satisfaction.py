"""Which question says how content customers are, through the door."""

import pytest

from console.door import House
from tests.console.conftest import Clock, SignIn
from tests.shop import Shop, a_shop

SURVEY = """flow: survey
title: アンケート
start: [{keyword: 質問}]
steps:
  - ask: いかがでしたか?
    id: score
    type: number
    range: [1, 5]
    choices: [1, 2, 3, 4, 5]
  - ask: ひとことお願いします
    id: words
    type: text
  - end: done
"""


@pytest.fixture
def shop(house: House, clock: Clock) -> Shop:
    opened = a_shop(house.store, clock.now, {"survey.yaml": SURVEY})
    for number, score in enumerate(("5", "4", "1")):
        for text in ("質問", score, "よかった"):
            opened.says(text, f"U{number:032d}")
    clock.now = opened.now
    return opened


def test_answers_are_shown_as_the_question_offers_them(shop: Shop, sign_in: SignIn) -> None:
    leader = sign_in("supervisor")

    (question,) = leader.get("/reports/questions").json["items"]

    assert (question["title"], question["text"]) == ("アンケート", "いかがでしたか?")
    assert [(v["label"], v["count"]) for v in question["values"]] == [
        ("1", 1), ("2", 0), ("3", 0), ("4", 1), ("5", 1),
    ]  # fmt: skip
    assert (question["answers"], round(question["average"], 2)) == (3, 3.33)
    assert question["trend"][-1]["answers"] == 3
    assert len(question["trend"]) == 7
    long = leader.get("/reports/questions?from=2026-09-01&to=2026-11-30").json["items"][0]
    assert len(long["trend"]) == 13
    path = "/reports/questions/talks?flow=survey&step=score"
    assert [one["value"] for one in leader.get(f"{path}&value=5").json["items"]] == ["5"]
    assert len(leader.get(path).json["items"]) == 3
    assert leader.get(f"{path}&other=1").json["items"] == []


def test_a_manager_chooses_it_and_the_tile_shows_it(shop: Shop, sign_in: SignIn) -> None:
    leader, manager = sign_in("supervisor"), sign_in("manager")
    assert leader.get("/watch").json["satisfaction"] is None
    wanted = {"flow": "survey", "step": "score"}

    assert leader.call("PUT", "/reports/satisfaction", wanted).status_code == 403
    for wrong in ({**wanted, "step": "words"}, {**wanted, "flow": "x"}, {**wanted, "step": "x"}):
        assert manager.call("PUT", "/reports/satisfaction", wrong).status_code == 404
    assert manager.call("PUT", "/reports/satisfaction", wanted).json == {"chosen": wanted}

    shown = leader.get("/watch").json["satisfaction"]
    assert (shown["answers"], round(shown["average"], 2), shown["days"]) == (3, 3.33, 30)
    assert leader.get("/reports/questions").json["items"][0]["is_chosen"]
    assert manager.call("DELETE", "/reports/satisfaction").json == {"chosen": None}
    assert leader.get("/watch").json["satisfaction"] is None
    kinds = [row["kind"] for row in manager.get("/audit?what=reports").json["items"]]
    assert kinds == ["satisfaction_chosen"] * 2
