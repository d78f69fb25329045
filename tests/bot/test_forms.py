"""A form's page as a customer opens it, through the real bot, on both databases."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.form_pages import Shown, look, render
from flows.language.book import Book, House
from flows.language.effects import Bubble
from flows.language.form_pages import FormPage
from storage.forms import MOST_ANSWERS
from storage.models.flows import Run
from storage.models.forms import Form
from storage.seal import FORM, sign
from storage.unit import Store
from tests import given
from tests.bot.conftest import eventually
from tests.bot.pages import WELCOME, Counter, Page


def test_a_form_is_answered_to_its_end_and_nothing_is_pushed(at_counter: Counter) -> None:
    page, before = at_counter.page(), at_counter.deliveries()

    first = page.open()
    assert (first.status, page.question) == (200, "ご来店は初めてですか?")
    assert "友だち追加ありがとうございます" in first.text
    assert "1問目" in first.text
    assert (
        at_counter.read(lambda db: list(db.scalars(select(Run).where(Run.flow_id == WELCOME))))
        == []
    )

    page.answer(text="はじめて")
    assert (page.question, page.answered) == ("年代を教えてください", ["はじめて"])
    page.answer(text="20代")
    assert "いくつでも" in page.question
    page.answer("カット", "カラー")
    assert page.answered == ["はじめて", "20代", "カット、カラー"]
    page.answer(text="1998-04-02")

    assert page.heading == "ご回答ありがとうございました"
    assert "はじめての方のカラーが20%OFF" in page.shown.text
    assert 'href="https://' in page.shown.text
    assert {"新規", "興味_カット", "興味_カラー", "アンケート回答済"} <= at_counter.tags()
    assert at_counter.run().end == "done"
    assert at_counter.deliveries() == before
    on_page = [line for line in at_counter.lines() if (line.origin or {}).get("form")]
    assert [line.text for line in on_page if line.sender == "customer"] == [
        "はじめて", "20代", "カット、カラー", "1998-04-02",
    ]  # fmt: skip
    assert {line.delivery_id for line in on_page} == {None}
    assert on_page[0].sender == "bot"  # what it said before the first answer stands before it


def test_a_version_that_cannot_be_read_any_more_is_told_and_is_no_failure(
    at_counter: Counter,
) -> None:
    page = at_counter.page()
    page.open()
    page.answer(text="はじめて")
    (form,) = at_counter.read(lambda db: list(db.scalars(select(Form))))
    hash_ = at_counter.run().state["frames"][0]["hash"]
    now = datetime.now(UTC)
    unreadable = Book(House(), {WELCOME: hash_}, lambda _: {"grammar": 999})

    shown = at_counter.read(lambda db: look(db, unreadable, form.id, now))

    assert shown.state == "set_aside"
    assert "担当者がLINEのトークで" in render(shown)
    assert page.open().status == 200
    assert page.question == "年代を教えてください"


def test_a_wrong_answer_is_told_beside_its_question(at_counter: Counter) -> None:
    page = at_counter.page()
    page.open()
    for text in ("はじめて", "20代"):
        page.answer(text=text)
    page.answer("カット")

    page.answer(text="さくら")
    assert (
        page.problem
        == "お誕生日を「1998年4月2日」のように入力するか、「スキップ」を押してください。"
    )
    assert page.question.startswith("お誕生日を教えてください")
    assert 'aria-describedby="problem"' in page.shown.text

    empty = page.answer(text="  ")
    assert (empty.status, "お答えを入力するか" in empty.text) == (422, True)
    long = page.answer(text="あ" * 5001)
    assert (long.status, "5,000文字まで" in long.text) == (422, True)
    assert at_counter.run().state["frames"][0]["wrong"] == 1

    page.open()
    page.answer(text="スキップ")
    assert at_counter.run().end == "done"


def test_several_are_chosen_at_once_even_one_and_never_none(at_counter: Counter) -> None:
    page = at_counter.page()
    page.open()
    for text in ("はじめて", "20代"):
        page.answer(text=text)

    nothing = page.answer()
    assert nothing.status == 422
    page.open()
    page.answer("どこにもない")
    assert page.problem.startswith("下のボタンから選んで")
    page.answer("パーマ")

    assert page.answered[-1] == "パーマ"
    assert "興味_パーマ" in at_counter.tags()


def test_an_address_is_used_once(at_counter: Counter) -> None:
    page = at_counter.page()
    page.open()
    entry = page.entry
    for text in ("はじめて", "20代"):
        page.answer(text=text)
    page.answer("カット")
    page.answer(text="スキップ")
    lines = len(at_counter.lines())

    page.open()
    assert page.heading == "ご回答ありがとうございました"
    assert "はじめて" not in page.answered
    page.post([("entry", entry), ("text", "来たことがある")])
    assert page.heading == "ご回答ありがとうございました"
    assert len(at_counter.lines()) == lines
    assert "リピーター" not in at_counter.tags()


def test_an_altered_address_is_worth_nothing(at_counter: Counter) -> None:
    page = at_counter.page()
    root, _, token = page.address.rpartition("/")
    row_id, _, mark = token.partition(".")
    other = sign(given.KEY, "coupon", row_id)
    forged = sign(b"x" * 32, FORM, row_id)
    bad = [f"{row_id}.{mark[:-1]}", f"{row_id}.{mark[::-1]}", f"{row_id[::-1]}.{mark}", row_id,
           other, forged, f"{row_id}.", "x" * 4000, "%00", "..", sign(given.KEY, FORM, "none")]  # fmt: skip

    for altered in bad:
        found = Page(f"{root}/{altered}")
        assert found.open().status == 404, altered
        assert found.post([("entry", "1"), ("text", "はじめて")]).status == 404, altered
        assert "ご来店" not in found.shown.text
    assert page.open().status == 200


def test_an_address_expires(at_counter: Counter, store: Store) -> None:
    page = at_counter.page()
    page.open()
    entry = page.entry

    def age(db: Session) -> None:
        form = db.scalars(select(Form)).one()
        form.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        db.add(form)

    store.write(age)
    assert page.open().status == 410
    assert "期限が切れました" in page.shown.text
    assert page.post([("entry", entry), ("text", "はじめて")]).status == 410
    assert at_counter.said_in_talk() == []


def test_an_answer_whose_turn_takes_long_says_that_it_is_coming(
    at_counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.forms.PATIENCE_S", 0.0)
    page = at_counter.page()
    page.open()

    page.answer(text="はじめて")

    assert "受け付けています" in page.shown.text
    assert 'http-equiv="refresh"' in page.shown.text
    eventually(at_counter.all_done, "its turn")
    page.open()
    assert page.answered == ["はじめて"]


def test_what_is_typed_is_only_ever_text(at_counter: Counter) -> None:
    at_counter.page()
    page = at_counter.page("csat")
    page.open()
    page.answer(text="3")
    payload = "<script>alert(1)</script>\"'{{name}}{{7*7}}<img src=x onerror=alert(1)>\x00\x1b"

    assert page.question.startswith("よろしければ、理由")
    page.answer(text=payload)

    assert at_counter.run("csat").end == "done"
    assert "<script" not in page.shown.text
    clean = payload.replace("\x00", "").replace("\x1b", "")
    assert at_counter.said_in_talk()[-1] == clean
    page = at_counter.page("csat")
    page.open()
    page.answer(text="<b>5</b>")
    assert "<b>5</b>" not in page.shown.text
    assert page.problem == "0から10の数字でお答えください。"
    assert 'value="&lt;b&gt;5&lt;/b&gt;"' in page.shown.text  # it stands there, to be put right


def test_the_page_keeps_to_itself(at_counter: Counter) -> None:
    page = at_counter.page()
    shown = page.open()

    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "<script" not in shown.text
    assert " style=" not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in shown.headers
    look = Page(f"{at_counter.line.bot_url}/f/-/form.css").open()
    assert (look.status, "--accent" in look.text) == (200, True)


def test_a_picture_and_an_address_in_a_text_are_shown_as_such() -> None:
    said = (
        Bubble("https://example.com/a.png", is_image=True),
        Bubble("<b> https://example.com/?a=1&b=2。"),
    )

    page = render(Shown("over", FormPage("over", "題", said=said, end="done"), "見本のお店"))

    assert '<img src="https://example.com/a.png" alt="お店からの画像">' in page
    assert '&lt;b&gt; <a href="https://example.com/?a=1&amp;b=2"' in page
    assert "</a>。" in page


def test_the_pages_have_the_consoles_colours() -> None:
    root = Path(__file__).parent.parent.parent
    tokens = (root / "console" / "web" / "src" / "look" / "tokens.css").read_text()
    light, dark = (root / "bot" / "pages" / "form.css").read_text().split("@media", 1)
    colours = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", tokens)

    known = {name: (one, other) for name, one, other in colours}
    for name, value in re.findall(r"--([\w-]+): (#\w+);", light):
        assert value == known[name][0], name
        assert f"--{name}: {known[name][1]};" in dark


def test_a_flood_is_refused(at_counter: Counter, store: Store) -> None:
    page = at_counter.page()
    page.open()

    def tire(db: Session) -> None:
        form = db.scalars(select(Form)).one()
        form.tries, form.tries_since = MOST_ANSWERS, datetime.now(UTC)
        db.add(form)

    store.write(tire)
    assert page.answer(text="はじめて").status == 429
    huge = page.post([("entry", "1"), ("text", "a" * 70_000)])
    assert huge.status == 413
    assert at_counter.said_in_talk() == []
