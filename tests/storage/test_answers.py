"""Answers to questions with choices or numbers: kept in the turn, counted, never in words."""

from datetime import datetime, timedelta

import pytest

from storage import satisfaction
from storage.conversations import Scope
from storage.satisfaction import Answers, Stretch
from storage.unit import Store
from tests.shop import Shop, a_shop

EVERYBODY = Scope("nobody")
FILES = {
    "visit.yaml": """flow: visit
title: 来店の質問
start: [{keyword: 質問}]
if_running: restart
steps:
  - ask: いかがでしたか?
    id: score
    type: number
    range: [1, 5]
    choices: [1, 2, 3, 4, 5]
  - ask: どれを使いましたか?
    id: used
    type: multi
    choices: [カット, カラー]
  - ask: また来ますか?
    id: again
    type: yesno
  - ask: どこで知りましたか?
    id: heard
    choices: [知人, 広告]
    other: {save: field.why}
  - call: inner
    id: inside
  - ask: ひとことお願いします
    id: words
    type: text
  - end: done
""",
    "inner.yaml": """flow: inner
title: 内側
steps:
  - ask: 何回目ですか?
    id: times
    choices: [初めて, 二回目]
  - end: done
""",
    "fields.yaml": "fields:\n  why: {title: きっかけ, type: text}\n",
}


def user(number: int) -> str:
    return f"U{number:032d}"


@pytest.fixture
def shop(store: Store, now: datetime) -> Shop:
    return a_shop(store, now, FILES)


def answers(shop: Shop, scope: Scope = EVERYBODY, cuts: int = 0) -> dict[str, Answers]:
    began = shop.now - timedelta(days=3)
    stretch = Stretch(
        began, shop.now + timedelta(days=1), [began + timedelta(days=n + 1) for n in range(cuts)]
    )
    found = shop.store.read(lambda db: satisfaction.count_answers(db, scope, stretch))
    return {one.step: one for one in found}


def walk(shop: Shop, number: int, score: str, heard: str) -> None:
    for text in (
        "質問",
        score,
        "カット",
        "カラー",
        "決定",
        "はい",
        heard,
        "初めて",
        "よかったです",
    ):
        shop.says(text, user(number))


def test_choices_and_numbers_are_counted_and_words_are_not(shop: Shop) -> None:
    walk(shop, 1, "5", "広告")
    walk(shop, 2, "2", "通りがかり")

    found = answers(shop)

    assert set(found) == {"score", "used", "again", "heard", "times"}
    assert (found["score"].counts, found["score"].average) == ({"5": 1, "2": 1}, 3.5)
    assert found["used"].counts == {"カット": 2, "カラー": 2}
    assert (found["used"].answers, found["used"].average) == (2, None)
    assert found["again"].counts == {"yes": 2}
    assert found["heard"].counts == {"広告": 1, "": 1}
    assert found["times"].flow_id == "inner"


def test_of_a_question_that_is_asked_again_each_run_counts_once(shop: Shop) -> None:
    shop.says("質問", user(1))
    shop.says("4", user(1))
    shop.says("質問", user(1))  # from the beginning: another run
    shop.says("1", user(1))
    shop.says("さあ", user(2))

    found = answers(shop)["score"]

    assert (found.answers, found.counts) == (2, {"4": 1, "1": 1})


def test_the_trend_goes_day_by_day_and_the_wall_holds(shop: Shop) -> None:
    shop.says("質問", user(1))
    shop.says("2", user(1))
    shop.passes(timedelta(days=1))
    shop.says("質問", user(2))
    shop.says("4", user(2))

    trend = answers(shop, cuts=3)["score"].trend

    seen = [(part.answers, part.average) for part in trend if part.answers]
    assert seen == [(1, 2.0), (1, 4.0)]
    assert [part.answers for part in trend].index(1) > 0
    assert answers(shop, Scope("x", frozenset({"other"}))) == {}


def test_an_answer_leads_to_its_talk(shop: Shop) -> None:
    walk(shop, 1, "5", "広告")
    walk(shop, 2, "2", "通りがかり")
    stretch = Stretch(shop.now - timedelta(days=1), shop.now + timedelta(days=1))

    def behind(step: str, value: str | None, scope: Scope = EVERYBODY) -> list[str]:
        found, _ = shop.store.read(
            lambda db: satisfaction.behind_answers(db, scope, stretch, ("visit", step), value, None)
        )
        return [one.value for one in found]

    assert behind("score", "5") == ["5"]
    assert behind("score", None) == ["2", "5"]
    assert behind("heard", "") == [""]
    assert behind("score", None, Scope("x", frozenset({"other"}))) == []


def test_managers_choose_the_question_that_says_it(shop: Shop) -> None:
    read, write = shop.store.read, shop.store.write

    def choose(question: tuple[str, str] | None) -> None:
        write(lambda db: satisfaction.choose_question(db, question, "op", shop.now))

    assert read(satisfaction.chosen_question) is None
    choose(("visit", "score"))
    assert read(satisfaction.chosen_question) == ("visit", "score")
    choose(("visit", "again"))
    assert read(satisfaction.chosen_question) == ("visit", "again")
    choose(None)
    choose(None)
    assert read(satisfaction.chosen_question) is None
