"""A form's page and the talk are one run: answered here or there, on both databases."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlmodel import Session, col, select

from storage import customers, desk, post
from storage.customers import find_or_create_friend
from storage.forms import MOST_ANSWERS, answer_form, make_form
from storage.models.flows import Run
from storage.models.forms import Form
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery, Timer
from storage.seal import FORM, sign
from storage.talks import open_conversation
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually

WELCOME = "salon_welcome"
FORM_FIELD = re.compile(r'name="(entry|text|choice)"[^>]*? value="([^"]*)"')


@dataclass
class Answer:
    """What the page's server said."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Page:
    """A form's page in a customer's browser, without one. Redirects are followed by hand."""

    address: str
    shown: Answer = field(default_factory=lambda: Answer(0, "", {}))

    def open(self, query: str = "") -> Answer:
        self.shown = self._call("GET", query)
        return self.shown

    def answer(self, *labels: str, text: str | None = None) -> Answer:
        """Answer the question that is shown, and see what comes of it."""
        fields = [("entry", self.entry), *(("choice", label) for label in labels)]
        return self.post([*fields, ("text", text)] if text is not None else fields)

    def post(self, fields: list[tuple[str, str]]) -> Answer:
        posted = self._call("POST", "", urlencode(fields))
        if posted.status != 303:
            return posted
        return self.open("?" + urlsplit(posted.headers["Location"]).query)

    @property
    def entry(self) -> str:
        return dict(FORM_FIELD.findall(self.shown.text))["entry"]

    @property
    def question(self) -> str:
        found = re.search(r'<h2 id="question">(.*?)</h2>', self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def heading(self) -> str:
        found = re.search(r"<h2>(.*?)</h2>", self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def answered(self) -> list[str]:
        return [unescape(a) for a in re.findall(r"<dd>(.*?)</dd>", self.shown.text, re.DOTALL)]

    @property
    def problem(self) -> str:
        found = re.search(r'role="alert">(.*?)</p>', self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    def _call(self, method: str, query: str, body: str | None = None) -> Answer:
        parts = urlsplit(self.address)
        wire = HTTPConnection(parts.hostname or "", parts.port)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        wire.request(method, parts.path + query, body, headers)
        answer = wire.getresponse()
        read = Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        wire.close()
        return read


@dataclass
class Counter:
    """The running bot, one friend who follows it, and an operator."""

    line: Line
    store: Store
    user: str

    def read(self, work: Callable[[Session], Any]) -> Any:
        return self.store.read(work)

    @property
    def talk(self) -> Conversation:
        return self.read(lambda db: db.scalars(select(Conversation)).one())

    def operator(self) -> Operator:
        now = datetime.now(UTC)
        known = self.read(lambda db: db.scalars(select(Operator)).first())
        return known or self.store.write(lambda db: given.an_operator(db, now))

    def page(self, flow: str = WELCOME) -> Page:
        """An address as staff give it."""
        operator, talk_id = self.operator(), self.talk.id

        def work(db: Session) -> str:
            talk = db.get_one(Conversation, talk_id)
            return make_form(db, talk, flow, operator, datetime.now(UTC)).id

        return Page(f"{self.line.bot_url}/f/{sign(given.KEY, FORM, self.store.write(work))}")

    def lines(self) -> list[Message]:
        query = select(Message).order_by(col(Message.seq))
        return self.read(lambda db: list(db.scalars(query)))

    def said_in_talk(self) -> list[str | None]:
        return [line.text for line in self.lines() if line.sender == "customer" and line.text]

    def says(self, text: str) -> None:
        before = len(self.line.texts(self.user))
        self.line.does(self.user, "say", text=text)
        eventually(lambda: len(self.line.texts(self.user)) > before, f"an answer to {text}")

    def run(self, flow: str = WELCOME) -> Run:
        query = select(Run).where(Run.flow_id == flow).order_by(col(Run.started_at))
        return self.read(lambda db: list(db.scalars(query)))[-1]

    def deliveries(self) -> int:
        return self.read(lambda db: len(list(db.scalars(select(Delivery)))))

    def all_done(self) -> bool:
        pending = select(Arrival).where(Arrival.state != "done")
        return not self.read(lambda db: list(db.scalars(pending)))

    def tags(self) -> frozenset[str]:
        customer = self.talk.customer_id
        return self.read(lambda db: customers.customer_facts(db, customer).tags)


@pytest.fixture
def at_counter(counter: Line, store: Store) -> Counter:
    """A friend of ours with whom nothing was said yet."""
    user, now = counter.friend(), datetime.now(UTC)

    def work(db: Session) -> None:
        account = db.get_one(Account, "main")
        open_conversation(db, find_or_create_friend(db, account, user, now), now)

    store.write(work)
    return Counter(counter, store, user)


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
    bad = [f"{row_id}.{mark[:-1]}", f"{row_id}.{mark[::-1]}", f"{row_id[:-1]}0.{mark}", row_id,
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
