"""What each type accepts when it is typed, as people in Japan type it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.language.conditions import Missing, passes
from flows.language.durations import parse_duration
from flows.language.grammar.conditions import parse_comparison
from flows.language.normalise import normalise
from flows.language.templates import TemplateError, parse_template, render
from flows.language.typed import read_typed
from flows.language.words import Value

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("type_", "text", "stored"),
    [
        ("text", " はい ", "はい"), ("text", "  ", None),
        ("yesno", "はい。", "yes"), ("yesno", "OK", "yes"), ("yesno", "けっこうです", "no"),
        ("yesno", "たぶん", None),
        ("number", "１，２００円", 1200), ("number", "-1.5", -1.5), ("number", "3人", 3),
        ("number", "三", None),
        ("phone", "０９０ー１２３４ー５６７８", "09012345678"),
        ("phone", "+81(0)90-1234-5678", "09012345678"), ("phone", "03 1234 5678", "0312345678"),
        ("phone", "12345", None),
        ("email", "ａ＠example.com", "a@example.com"), ("email", "a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("email", "a@b", None),
        ("postcode", "〒150-0001", "150-0001"), ("postcode", "１５００００１", "150-0001"),
        ("postcode", "15000", None),
        ("date", "2026年12月1日", "2026-12-01"), ("date", "20261201", "2026-12-01"),
        ("date", "令和8年12月1日", "2026-12-01"), ("date", "R8.12.1", "2026-12-01"),
        ("date", "令和元年5月1日", "2019-05-01"), ("date", "昭和６０年１月２日", "1985-01-02"),
        ("date", "明日", "2026-11-25"), ("date", "あさって", "2026-11-26"),
        ("date", "11/24", "2026-11-24"), ("date", "4月2日(金)", "2027-04-02"),
        ("date", "2026-02-30", None), ("date", "さくら", None),
        ("time", "午後2時半", "14:30"), ("time", "14時", "14:00"), ("time", "午前9時", "09:00"),
        ("time", "25:00", None),
        ("datetime", "12月1日の14時30分", "2026-12-01T14:30"),
        ("datetime", "明日10:00", "2026-11-25T10:00"),
        ("datetime", "2026-12-01T14:30", "2026-12-01T14:30"), ("datetime", "12月1日", None),
    ],
)  # fmt: skip
def test_a_typed_answer_is_read_as_it_was_meant(type_: str, text: str, stored: object) -> None:
    assert read_typed(type_, text, NOW) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [("２０代", "20代"), ("はい。", "はい"), ("良い", "良い😊"), ("OK!", "ok"), ("a  b", "a b")],
)
def test_texts_that_people_mean_alike_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("カラー", "カラ"), ("はい", "ハイ"), ("1", "11")])
def test_texts_that_differ_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
    assert normalise("😊") == "😊"
    assert normalise("1") == "1"


@pytest.mark.parametrize(
    ("text", "value", "is_held"),
    [
        (">= 9", 10, True), (">= 9", "9", True), (">= 9", "さくら", False), (">= 9", None, False),
        ("7..8", 8, True), ("7..8", 9, False), ("!= カット", "カラー", True), ("!= カット", None, True),
        ("contains カラ", "ヘアカラー", True), ("starts カ", "カット", True), ("カット", ["カット", "カラー"], True),
        ("within 30d", "2026-11-10", True), ("within 30d", "2026-10-01", False),
        ("within 30d", "2026-12-01", False), ("not within 30d", None, True),
        ("empty", "", True), ("not empty", "a", True), ("> today", "2026-11-25", True),
        ("<= now+2h", "2026-11-24T11:00", True), ("skipped", Missing("skipped"), True),
        ("= skipped", "skipped", True), ("= skipped", Missing("skipped"), False),
    ],
)  # fmt: skip
def test_a_comparison_holds_or_not_and_never_fails(
    text: str, value: Value | Missing, *, is_held: bool
) -> None:
    test = parse_comparison(text)

    assert test is not None
    assert passes(test, value, NOW) is is_held


def test_templates_fill_their_holes_and_leave_what_does_not_suit() -> None:
    values: dict[str, Value] = {
        "at": "2026-12-01T10:00", "day": "2026-12-01", "yen": 1200, "name": "花子",
        "list": ["カット", "カラー"], "next": None,
    }  # fmt: skip

    def shown(text: str) -> str:
        return render(parse_template(text), values.get)

    assert shown("{{at | datetime}} {{at|time}}") == "12月1日(火) 10:00 10:00"
    assert shown("{{day | date:long}} {{yen | yen}}") == "2026年12月1日(火) 1,200円"
    assert shown("{{name | san}}{{next | san}}{{next | default:お客様}}") == "花子さんお客様"
    assert (
        shown("{{list}} {{list | join:・}} {{at}}")
        == "カット、カラー カット・カラー 2026-12-01 10:00"
    )
    assert shown("{{name | yen}}") == "花子"
    for bad in ("{{name", "{{}}", "name}}", "{{name | shout}}"):
        with pytest.raises(TemplateError):
            parse_template(bad)


def test_a_customer_cannot_write_a_template() -> None:
    said = "{{field.phone}} {{7*7}}"

    assert render(parse_template("「{{message}}」"), {"message": said}.get) == f"「{said}」"


def test_durations_are_joined_from_large_to_small() -> None:
    assert [str(parse_duration(text)) for text in ("10m", "1d12h", "２h")] == [
        "0:10:00", "1 day, 12:00:00", "2:00:00",
    ]  # fmt: skip
    assert [parse_duration(text) for text in ("", "12h1d", "0m", "1y")] == [None] * 4
    assert parse_duration("1w1d90m") == timedelta(days=8, minutes=90)
