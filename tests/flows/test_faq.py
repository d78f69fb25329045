"""The FAQ matcher, whatever managers write and friends ask."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language.faq.evaluation import Asked, BadQuestions, evaluate, read_questions
from flows.language.faq.index import Question
from flows.language.faq.matcher import Answered, Match, Matcher, Unknown, Unsure
from flows.language.loader import load_folder
from flows.language.normalise import normalise
from tests.flows.test_salon import FLOWS

WORDS = st.sampled_from(
    [
        "駐車場",
        "はありますか",
        "予約",
        "カット",
        "の料金",
        "いくら",
        "カード",
        "wifi",
        "10時",
        "営業時間",
        "は",
        "？",
        "😊",
        " ",
    ]
)
ASKS = st.lists(WORDS, min_size=1, max_size=4).map("".join).filter(str.strip)
TEXTS = st.text(max_size=30) | st.lists(WORDS, max_size=6).map("".join)


@st.composite
def faqs(draw: st.DrawFn) -> list[Question]:
    """Entries with ids of their own; two of them may be asked for in the same words."""
    asks = draw(st.lists(st.lists(ASKS, min_size=1, max_size=4), min_size=1, max_size=6))
    ids = draw(st.permutations([f"entry_{number}" for number in range(len(asks))]))
    answers = draw(st.lists(ASKS, min_size=len(asks), max_size=len(asks)))
    return [Question(i, tuple(a), said) for i, a, said in zip(ids, asks, answers, strict=True)]


@settings(max_examples=50)
@given(faqs())
def test_a_variant_word_for_word_is_always_answered(questions: list[Question]) -> None:
    matcher = Matcher.build(questions)

    for question in questions:
        for ask in question.ask:
            match = matcher.match(f" {ask}　")

            assert isinstance(match, Answered)
            found = next(q for q in questions if q.id == match.id)
            assert normalise(ask) in {normalise(own) for own in found.ask}


@settings(max_examples=50)
@given(faqs(), TEXTS)
def test_any_text_gets_one_of_three_and_only_entries_that_exist(
    questions: list[Question], text: str
) -> None:
    ids = {question.id for question in questions}

    match = Matcher.build(questions).match(text)

    if isinstance(match, Unsure):
        assert 1 <= len(match.ids) == len(set(match.ids))
        assert set(match.ids) <= ids
    else:
        assert isinstance(match, Unknown) or match.id in ids


@settings(max_examples=50)
@given(st.data())
def test_the_order_of_the_file_never_changes_an_answer(data: st.DataObject) -> None:
    questions = data.draw(faqs())
    shuffled = [
        Question(q.id, tuple(data.draw(st.permutations(q.ask))), q.answer)
        for q in data.draw(st.permutations(questions))
    ]
    texts = data.draw(st.lists(TEXTS, min_size=1, max_size=5))
    asked = [ask for question in questions for ask in question.ask]

    one, other = Matcher.build(questions), Matcher.build(shuffled)

    assert [one.match(t) for t in (*texts, *asked)] == [other.match(t) for t in (*texts, *asked)]


@pytest.fixture(scope="module")
def salon() -> Matcher:
    entries = load_folder(FLOWS).faqs["salon"].entries
    asks = [(entry.id.text, tuple(ask.text for ask in entry.ask)) for entry in entries]
    return Matcher.build([Question(id_, ask) for id_, ask in asks])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("車で行けますか？", Answered("parking")),
        ("ヘアカラーの値段", Unsure(("color_price", "perm_price"))),
        ("宇宙の年齢について論じてください", Unknown()),
        ("PayPay使えますか", Answered("payment")),
        ("定休日は?", Answered("holiday")),
        ("遅れそうです", Answered("late")),
        ("最寄駅はどこですか", Answered("access")),
    ],
)
def test_the_salon_answers_what_it_knows_and_passes_on_the_rest(
    salon: Matcher, text: str, expected: Match
) -> None:
    assert salon.match(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "求人はありますか",
        "ネイルはやっていますか",
        "まつげエクステはいくらですか",
        "犬を連れて行ってもいいですか",
        "着付けの料金を教えてください",
        "電話番号を教えてください",
        "ヘアセットはいくらですか",
        "商品の配送はできますか",
        "予約したいです",
        "こんにちは",
    ],
)
def test_what_the_salon_does_not_know_is_never_answered(salon: Matcher, text: str) -> None:
    assert not isinstance(salon.match(text), Answered)


def test_questions_with_known_entries_are_counted(salon: Matcher) -> None:
    lines = [
        "question,expected",
        "車で行けますか,parking",
        "ヘアカラーのお値段,color_price",
        "",
        "xyzzy,",
    ]

    asked = read_questions(lines, {"parking", "color_price"})
    figures = evaluate(salon, asked)

    assert asked[-1] == Asked("xyzzy", None)
    assert (figures.questions, figures.strangers) == (3, 1)
    assert (figures.first, figures.among_three, figures.auroc) == (1.0, 1.0, 1.0)
    assert (figures.answered, figures.precision) == (1 / 3, 1.0)
    with pytest.raises(BadQuestions, match="2行目"):
        read_questions(["あ,parking", "い,nowhere"], {"parking"})
    with pytest.raises(BadQuestions, match="1行目"):
        read_questions(["あ,parking,3"], {"parking"})
