"""A form's page and the talk are one run: answered here or there, on both databases."""

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from storage import desk, post
from storage.forms import answer_form
from storage.models.flows import Run
from storage.models.forms import Form
from storage.models.work import Timer
from storage.unit import Store
from tests import given
from tests.bot.conftest import eventually
from tests.bot.pages import WELCOME, Counter, Page


def test_a_run_of_the_talk_is_finished_on_the_page(at_counter: Counter) -> None:
    at_counter.says("アンケート")
    at_counter.says("来たことがある")
    page, before = at_counter.page(), at_counter.deliveries()

    page.open()
    assert (page.question, page.answered) == ("年代を教えてください", ["来たことがある"])
    page.answer(text="30代")
    page.answer("カット")
    page.answer(text="スキップ")

    assert at_counter.run().end == "done"
    assert at_counter.deliveries() == before
    assert (
        at_counter.read(lambda db: len(list(db.scalars(select(Run).where(Run.flow_id == WELCOME)))))
        == 1
    )


def test_a_run_of_the_page_is_finished_in_the_talk(at_counter: Counter) -> None:
    page = at_counter.page()
    page.open()
    page.answer(text="はじめて")

    at_counter.says("40代")
    assert "気になるメニュー" in at_counter.line.texts(at_counter.user)[-1]
    page.open()
    assert page.answered == ["はじめて", "40代"]
    page.answer("カラー")
    at_counter.says("4月2日生まれ")
    assert at_counter.line.texts(at_counter.user)[-1].startswith("お誕生日を")
    at_counter.says("1998/4/2")

    assert at_counter.run().end == "done"
    page.open()
    assert page.heading == "ご回答ありがとうございました"


def test_two_tabs_give_one_answer(at_counter: Counter) -> None:
    page = at_counter.page()
    first, second = Page(page.address), Page(page.address)
    first.open()
    second.open()

    first.answer(text="はじめて")
    second.answer(text="来たことがある")

    assert second.question == "年代を教えてください"
    assert "すでに届いています" in second.shown.text
    assert second.answered == ["はじめて"]
    assert at_counter.said_in_talk() == ["はじめて"]


def test_two_tabs_at_the_same_moment_give_one_answer_and_one_run(
    at_counter: Counter, store: Store
) -> None:
    page = at_counter.page()
    page.open()
    form = store.read(lambda db: db.scalars(select(Form)).one())
    now = datetime.now(UTC)

    def both(db: Session) -> None:
        for text in ("はじめて", "来たことがある"):
            answer_form(db, form.id, {"entry": 1, "text": text, "labels": []}, now)

    store.write(both)
    eventually(at_counter.all_done, "both have had their turn")

    page.open()
    assert page.answered == ["はじめて"]
    assert at_counter.said_in_talk() == ["はじめて"]
    runs = at_counter.read(lambda db: list(db.scalars(select(Run).where(Run.flow_id == WELCOME))))
    assert len(runs) == 1


def test_a_page_does_not_disturb_the_question_of_the_talk(at_counter: Counter) -> None:
    at_counter.says("予約")
    asked = at_counter.line.texts(at_counter.user)
    page = at_counter.page()
    page.open()
    page.answer(text="はじめて")

    assert page.question == "年代を教えてください"
    assert at_counter.line.texts(at_counter.user) == asked
    at_counter.says("カット")
    assert at_counter.run("booking").state["frames"][0]["answers"]["menu"] == "カット"
    assert at_counter.run().state["frames"][0]["state"] == "age"
    page.open()
    page.answer(text="20代")
    assert "いくつでも" in page.question


def test_a_form_is_answered_while_a_person_has_the_talk(at_counter: Counter, store: Store) -> None:
    operator, now = at_counter.operator(), datetime.now(UTC)
    page = at_counter.page()
    talk_id = at_counter.talk.id
    store.write(lambda db: post.send(db, talk_id, operator, given.a_reply(force=True), now))
    assert at_counter.talk.status == "pending"
    eventually(at_counter.all_done, "the run knows that a person is there")

    page.open()
    page.answer(text="はじめて")
    assert at_counter.talk.status == "waiting"
    assert page.question == "年代を教えてください"
    told = at_counter.line.texts(at_counter.user)
    store.write(lambda db: desk.resolve(db, talk_id, operator, now))
    eventually(at_counter.all_done, "the talk is resolved")
    assert at_counter.line.texts(at_counter.user) == told  # nothing is asked in the talk

    at_counter.line.does(at_counter.user, "say", text="ありがとうございます")
    eventually(lambda: at_counter.said_in_talk()[-1] == "ありがとうございます", "they wrote")
    assert at_counter.run().state["frames"][0]["state"] == "age"  # the talk's text is no answer
    page.open()
    page.answer(text="20代")
    assert page.answered == ["はじめて", "20代"]


def test_a_reminder_brings_the_question_into_the_talk(at_counter: Counter, store: Store) -> None:
    at_counter.says("予約")
    page = at_counter.page()
    page.open()
    page.answer(text="違います")
    assert page.problem == "下のボタンから選んでください。"
    at_counter.says("やめる")
    assert at_counter.run().state["frames"][0]["state"] == "first_visit"

    def bring_forward(db: Session) -> None:
        for timer in db.scalars(select(Timer).where(col(Timer.key).contains("remind"))):
            timer.due_at = datetime.now(UTC)
            db.add(timer)

    store.write(bring_forward)
    last = lambda: at_counter.line.texts(at_counter.user)[-1]  # noqa: E731 # said where it is read
    eventually(lambda: last().startswith("アンケートの途中です"), "the reminder")
    at_counter.line.tap(at_counter.user, "はじめて")
    eventually(lambda: last() == "年代を教えてください", "the next question")
    page.open()
    assert page.answered == ["はじめて"]


def test_a_form_is_given_up(at_counter: Counter) -> None:
    page = at_counter.page()
    page.open()
    page.answer(text="はじめて")
    page.answer(text="やめる")

    assert page.heading == "このフォームは終了しました"
    assert "またいつでも「アンケート」と送ってください" in page.shown.text  # of its `on_cancel`
    assert at_counter.run().end == "timed_out"


def test_the_same_waiting_form_is_given_again_and_a_used_one_is_not(at_counter: Counter) -> None:
    first = at_counter.page()
    assert at_counter.page().address == first.address
    first.open()
    first.answer(text="はじめて")
    assert at_counter.page().address == first.address
    first.answer(text="20代")
    first.answer("カット")
    first.answer(text="スキップ")

    assert at_counter.page().address != first.address
