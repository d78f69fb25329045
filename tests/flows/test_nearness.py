"""The FAQ with an encoder: what counts, what is kept, and that without it nothing is otherwise."""

import json
from array import array
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from bot.encoder import GramEncoder
from flows.language import values
from flows.language.book import House
from flows.language.faq.index import Gates, Question
from flows.language.faq.matcher import Answered, Matcher, Unknown, Unsure
from flows.language.faq.nearness import Nearness, find_nearness, mixed, text_key
from flows.language.faq.vectors import KEPT, OtherLength, Vectors, texts_of
from flows.language.words import Context, Meaning
from tests.flows.test_faq import TEXTS, faqs

GRAMS = GramEncoder()
SALON = [
    Question("parking", ("駐車場はありますか", "車で行けますか", "車はどこに停められますか"), "裏に3台分ございます。"),
    Question("payment", ("カードは使えますか", "支払い方法を教えてください", "PayPayは使えますか"), "各種カードをどうぞ。"),
    Question("hours", ("営業時間は", "何時まで開いていますか", "何時からですか"), "10時からです。"),
    Question("kids", ("子連れでも大丈夫ですか", "子どもを連れて行けますか", "ベビーカーで入れますか"), "どうぞ。"),
]  # fmt: skip
DAWN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MEANT = "クルマ置き場の有無"  # 車で行けますか, in words that share nothing with it


def encode(texts: Mapping[str, str]) -> dict[str, bytes]:
    return dict(zip(texts, GRAMS.encode(list(texts.values()), "entry", 1), strict=True))


def vectors_of(matcher: Matcher, encoder: str = "grams") -> Vectors:
    return Vectors(encoder, {"s": matcher}, encode(texts_of([matcher])))


def meaning_of(vectors: Vectors, text: str, meant: str | None = None) -> Meaning:
    return vectors.meaning(text, GRAMS.encode([meant or text], "question", 1)[0])


def near(matcher: Matcher, text: str, meant: str | None = None) -> Nearness | None:
    return find_nearness((meaning_of(vectors_of(matcher), text, meant),), text, "s")


@pytest.fixture(scope="module")
def salon() -> Matcher:
    return Matcher.build(SALON)


def test_what_letters_do_not_know_the_meaning_answers(salon: Matcher) -> None:
    assert salon.match(MEANT) == Unknown()
    assert salon.match(MEANT, near(salon, MEANT, "車で行けますか")) == Answered("parking")
    assert salon.match("宇宙の年齢", near(salon, "宇宙の年齢")) == Unknown()


def test_a_text_has_three_parts_of_letters_and_seven_of_meaning() -> None:
    half = Nearness({text_key("あ"): 0.5}, 0.1, Gates((), 0, 0))

    assert mixed([1.0, 0.0], [0.0, 1.0]) == [0.3, 0.7]
    assert half.mixed([1.0, 0.2], [text_key("あ"), text_key("い")]) == [
        pytest.approx(0.65),
        pytest.approx(0.13),  # what is not kept is as near as the floor
    ]


@settings(max_examples=30)
@given(faqs(), TEXTS)
def test_without_a_meaning_of_this_text_and_these_files_the_letters_decide(
    questions: list[Question], text: str
) -> None:
    matcher = Matcher.build(questions)
    other = meaning_of(vectors_of(matcher), text + "他")
    own = meaning_of(vectors_of(matcher), text)

    assert find_nearness((), text, "s") is None
    assert find_nearness((other,), text, "s") is None
    assert find_nearness((own,), text, "s,t") is None
    assert matcher.match(text, None) == matcher.match(text)


@settings(max_examples=30)
@given(faqs(), TEXTS)
def test_any_text_gets_one_of_three_and_the_exact_one_is_always_answered(
    questions: list[Question], text: str
) -> None:
    matcher = Matcher.build(questions)
    ids = {question.id for question in questions}

    match = matcher.match(text, near(matcher, text))

    if isinstance(match, Unsure):
        assert 1 <= len(match.ids) == len(set(match.ids))
        assert set(match.ids) <= ids
    else:
        assert isinstance(match, Unknown) or match.id in ids
    ask = questions[0].ask[0]
    assert matcher.match(ask, near(matcher, ask, "別のこと")) == matcher.match(ask)


@settings(max_examples=30)
@given(faqs(), TEXTS)
def test_a_meaning_survives_json_and_decides_alike(questions: list[Question], text: str) -> None:
    matcher = Matcher.build(questions)
    context = Context(DAWN, "1", meanings=(meaning_of(vectors_of(matcher), text),))

    again = values.from_json(json.loads(json.dumps(values.to_json(context))))

    before, after = (find_nearness(c.meanings, text, "s") for c in (context, again))
    assert matcher.match(text, before) == matcher.match(text, after)
    assert matcher.ranking(text, before) == matcher.ranking(text, after)


def test_what_a_turn_keeps_is_small_however_long_the_vectors_are() -> None:
    many = [Question(f"e{n}", (f"質問{n}はどれ", f"{n}番の質問")) for n in range(300)]
    meaning = meaning_of(vectors_of(Matcher.build(many)), "質問7はどれですか")

    assert 0 < len(meaning.near) <= KEPT
    assert len(json.dumps(values.to_json(meaning))) < 1200


def test_each_encoder_has_gates_of_its_own(salon: Matcher) -> None:
    grams = meaning_of(vectors_of(salon), MEANT)
    shouting = {  # all it says of anything is much the same
        key: array("f", [9.0, *memoryview(vector).cast("f")]).tobytes()
        for key, vector in encode(texts_of([salon])).items()
    }
    flat = Vectors("flat", {"s": salon}, shouting).meaning(MEANT, shouting[text_key("営業時間は")])

    assert grams.scopes["s"] != flat.scopes["s"]
    assert (grams.encoder, flat.encoder) == ("grams", "flat")
    assert flat.near[text_key("営業時間は")] == pytest.approx(1.0)
    assert min(flat.near.values(), default=0) < 0.5  # strangers are the zero, wherever they stand


def test_vectors_of_another_length_are_refused(salon: Matcher) -> None:
    texts = texts_of([salon])
    vectors = encode(texts)
    one_short = {**vectors, min(vectors): vectors[min(vectors)][:-4]}

    assert vectors_of(salon).can_tell
    with pytest.raises(OtherLength):
        Vectors("grams", {"s": salon}, one_short)
    with pytest.raises(OtherLength):
        vectors_of(salon).meaning("車", vectors[min(vectors)][:-4])


def test_with_one_way_to_ask_each_there_is_nothing_to_learn_gates_on() -> None:
    single = Matcher.build([Question("a", ("駐車場",)), Question("b", ("営業時間",))])

    assert not vectors_of(single).can_tell
    assert meaning_of(vectors_of(single), "駐車").scopes == {}


def test_a_house_without_a_faq_looks_into_nothing() -> None:
    assert House().scope(()) == ()
