"""A flow as a web page, in the pure language: what may stand in it, and what the page shows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.language.book import Book, book_of, is_form
from flows.language.checker import check
from flows.language.effects import Bubble, Say
from flows.language.events import Due, Event, FormFilled, FormOpened, Released, Said, Taken, Tapped
from flows.language.form_pages import FormPage, page_before, page_of
from flows.language.loader import Folder, load_files
from flows.language.routing import Turn, take
from flows.language.run import Run, run_from_json
from flows.language.words import Context

HEAD = "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nform: yes\nsteps:\n"
END = "  - end: done\n    id: fin\n"
NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
COLOUR = (
    "  - ask: 色は?\n    id: colour\n    choices: [赤, 青]\n    timeout: {after: 1d, goto: fin}\n"
)
SIZE = "  - ask: 大きさは?\n    id: size\n    choices: [大: {value: L}, 小: {value: S}]\n    skip: なし\n    timeout: {after: 1d, goto: fin}\n"
OTHER = "flow: g\ntitle: 別\nstart: [{keyword: 別}]\nsteps:\n  - ask: 別の質問?\n    id: q\n    choices: [はい]\n    timeout: {after: 1h}\n  - end: done\n"


def loaded(flow: str, **more: str) -> Folder:
    files = {"f.yaml": flow, **{f"{name}.yaml": text for name, text in more.items()}}
    return load_files({name: text.encode() for name, text in files.items()})


def refusals(steps: str) -> list[tuple[str, int, int]]:
    folder = loaded(HEAD + steps + END, g=OTHER)
    return [(p.code, p.line, p.column) for p in check(folder) if p.severity == "E"]


@pytest.mark.parametrize(
    ("steps", "line", "column"),
    [
        ("  - handoff: 人へ\n    id: h\n    timeout: {after: 1h}\n", 6, 5),
        ("  - id: c\n    call: g\n", 7, 5),
        ("  - faq: message\n    id: q\n    unknown: {goto: fin}\n    timeout: {after: 1h}\n", 6, 5),
        (COLOUR.replace("[赤, 青]", "[赤: {call: g}, 青]"), 8, 25),
        (COLOUR + "    give_up: {handoff: 受付}\n", 10, 24),
    ],
)
def test_a_form_refuses_what_a_page_cannot_show(steps: str, line: int, column: int) -> None:
    assert refusals(steps) == [("F003", line, column)]
    plain = loaded(HEAD.replace("form: yes\n", "") + steps + END, g=OTHER)
    assert [p for p in check(plain) if p.severity == "E"] == []


def test_a_form_holds_questions_branches_and_effects() -> None:
    steps = "  - say: こんにちは\n" + COLOUR + "  - if: {answer.colour: 赤}\n    then: {tag: 赤}\n"
    steps += "  - switch: [{when: {answer.colour: 青}, say: 青ですね}]\n  - goto: fin\n"

    assert refusals(steps) == []
    assert is_form({"flow": {"form": "yes"}})
    assert not is_form({"flow": {"form": "no"}})
    assert not is_form({"files": {}})


class Talk:
    """A friend whose runs are kept, on paper."""

    def __init__(self, flow: str, **more: str) -> None:
        self.book: Book = book_of(loaded(flow, **more))
        self.runs: list[Run] = []
        self.ended: list[Run] = []
        self.turns = 0
        self.last: Turn | None = None
        self.people = "free"

    @property
    def context(self) -> Context:
        return Context(NOW, f"t{self.turns}", people=self.people)  # type: ignore[arg-type] # of three

    def happens(self, event: Event) -> Turn:
        self.turns += 1
        turn = self.last = take(self.book, self.runs, event, self.context)
        changed = {run.id: run_from_json(run.to_json()) for run in turn.runs}
        runs = [changed.pop(run.id, run) for run in self.runs] + list(changed.values())
        self.ended += [run for run in runs if run.status == "ended"]
        self.runs = [run for run in runs if run.status != "ended"]
        return turn

    def run(self, flow: str = "f") -> Run:
        return next(run for run in [*self.runs, *self.ended] if run.flow == flow)

    def fills(self, text: str, *labels: str) -> Turn:
        run = self.run()
        return self.happens(FormFilled(run.id, run.top.entry, text, labels))

    @property
    def said(self) -> list[tuple[str, bool]]:
        """What the latest turn said, and whether on the page."""
        says = [e for e in self.last.effects if isinstance(e, Say)] if self.last else []
        return [(bubble.text, say.is_on_page) for say in says for bubble in say.bubbles]

    def page(self, run: Run | None = None) -> FormPage:
        bubbles = [Bubble(text) for text, is_on_page in self.said if is_on_page]
        return page_of(self.book, run or self.run(), bubbles, self.context)


def test_the_page_shows_what_was_answered_in_the_words_of_the_buttons() -> None:
    day = "  - ask: いつ?\n    id: day\n    type: {type}\n    timeout: {{after: 1d, goto: fin}}\n"
    steps = (
        SIZE + day.format(type="date") + day.format(type="datetime").replace("id: day", "id: at")
    )
    steps += "  - ask: よい?\n    id: ok\n    type: yesno\n    timeout: {after: 1d, goto: fin}\n"
    talk = Talk(HEAD + steps + COLOUR + END)
    talk.happens(FormOpened("f"))
    for text in ("小", "2026-12-01", "2026-12-01T10:00", "はい"):
        talk.fills(text)

    page = talk.page()
    assert [one.answer for one in page.answered] == [
        "小", "2026年12月1日(火)", "12月1日(火) 10:00", "はい",
    ]  # fmt: skip
    assert (page.number, page.most) == (5, 5)
    assert page.question is not None
    assert page.question.options == ("赤", "青")
    assert page.question.takes == "nothing"


def test_a_skipped_question_says_so_and_one_that_was_passed_over_is_not_there() -> None:
    talk = Talk(
        HEAD
        + SIZE
        + "  - ask: 常連?\n    id: vip\n    only_if: {tag: VIP}\n    choices: [はい]\n    timeout: {after: 1d, goto: fin}\n"
        + COLOUR
        + END
    )
    talk.happens(FormOpened("f"))
    talk.fills("なし")

    assert [one.answer for one in talk.page().answered] == ["スキップ"]


def test_a_question_is_answered_as_its_type_wants() -> None:
    kinds = {
        "type: text": "text", "type: image": "talk", "choices: [a]": "nothing",
        "type: image\n    other: {}": "text", "type: text\n    choices: [a]": "nothing",
        "type: number\n    choices: [1, 2]": "text", "choices: [a]\n    any_answer: {}": "text",
    }  # fmt: skip
    for kind, takes in kinds.items():
        steps = f"  - ask: 何?\n    id: a\n    {kind}\n    timeout: {{after: 1d, goto: fin}}\n"
        talk = Talk(HEAD + steps + END)
        page = page_before(talk.book, [], "f", talk.context)
        assert page.question is not None
        assert page.question.takes == takes, kind


def test_several_toggled_in_the_talk_are_ticked_on_the_page_and_chosen_at_once() -> None:
    steps = "  - ask: 色は?\n    id: c\n    type: multi\n    choices: [赤, 青, 白・黒]\n    timeout: {after: 1d, goto: fin}\n"
    talk = Talk(HEAD + steps + COLOUR + END)
    talk.happens(Said("始め"))
    talk.happens(Said("青"))

    question = page_of(talk.book, talk.run(), [Bubble("選択中: 青")], talk.context).question
    assert question is not None
    assert question.chosen == ("青",)
    talk.fills("白・黒、赤", "白・黒", "赤", "緑")
    assert talk.run().top.answers["c"] == ("赤", "白・黒")
    assert talk.page().answered[0].answer == "赤、白・黒"


def test_a_picture_that_was_sent_in_the_talk_is_only_named() -> None:
    steps = "  - ask: 写真を\n    id: p\n    type: image\n    skip: なし\n    timeout: {after: 1d, goto: fin}\n"
    talk = Talk(HEAD + steps + COLOUR + END)
    talk.happens(FormOpened("f"))
    run = replace(talk.run().copy(), frames=[talk.run().top.copy()])
    run.top.answers["p"] = "message-1"
    run.top.state = "colour"

    assert talk.page(run).answered[0].answer == "トークで送信済み"


def test_texts_stand_above_the_question_and_the_problem_beside_it() -> None:
    talk = Talk(HEAD + "  - say: はじめに\n" + COLOUR + END)
    before = page_before(talk.book, [], "f", talk.context)
    assert [bubble.text for bubble in before.said] == ["はじめに"]
    assert talk.runs == []

    talk.happens(FormOpened("f"))
    assert talk.said == [("はじめに", True), ("色は?", True)]
    talk.fills("緑")
    page = talk.page()
    assert page.question is not None
    assert page.question.problem == "下のボタンから選んでください。"
    assert page.said == ()
    reminded = page_of(talk.book, replace(talk.run()), [Bubble("お待ちしています")], talk.context)
    assert reminded.question is not None
    talk.fills("赤")
    assert (talk.page().state, talk.page().end) == ("over", "done")


def test_a_form_of_texts_alone_is_read_and_confirmed() -> None:
    talk = Talk(HEAD + "  - say: お知らせです\n" + END)
    page = page_before(talk.book, [], "f", talk.context)

    assert (page.state, page.question, page.said[0].text) == ("asking", None, "お知らせです")


def test_what_is_no_form_or_goes_on_elsewhere_has_no_page() -> None:
    calling = "flow: h\ntitle: 呼ぶ\nstart: [{keyword: 呼ぶ}]\nsteps:\n  - call: f\n    id: c\n  - end: done\n"
    talk = Talk(HEAD + COLOUR + END, g=OTHER, h=calling)
    assert page_before(talk.book, [], "g", talk.context).state == "gone"
    assert page_before(talk.book, [], "none", talk.context).state == "gone"

    talk.happens(Said("呼ぶ"))
    assert page_before(talk.book, talk.runs, "f", talk.context).state == "elsewhere"
    assert talk.page(talk.run("h")).state == "elsewhere"
    assert talk.happens(FormOpened("f")).runs == ()
    talk.happens(FormFilled("nobody", 1, "赤"))
    assert talk.said == []


def test_an_answer_to_an_older_question_changes_nothing() -> None:
    talk = Talk(HEAD + COLOUR + SIZE + END)
    talk.happens(FormOpened("f"))
    old = FormFilled(talk.run().id, talk.run().top.entry, "赤")

    talk.happens(old)
    again = talk.happens(old)

    assert (again.runs, again.effects) == ((), ())
    assert talk.run().top.state == "size"


def test_a_text_on_the_page_starts_no_other_flow_and_cancel_words_end_it() -> None:
    head = HEAD.replace("form: yes", "form: yes\ncancel_words: [やめる]")
    talk = Talk(head + COLOUR + END, g=OTHER)
    talk.happens(FormOpened("f"))
    assert talk.page().question is not None

    talk.fills("別")
    assert [run.flow for run in talk.runs] == ["f"]
    talk.fills("やめる")
    assert talk.run().end == "cancelled"


def test_a_page_stands_beside_the_question_of_the_talk_and_a_tap_brings_it_back() -> None:
    talk = Talk(HEAD + COLOUR + SIZE + END, g=OTHER)
    talk.happens(Said("始め"))
    button = f"f={talk.run().id}&s={talk.run().top.entry}&v=0"
    talk.happens(Said("別"))
    assert talk.run().status == "parked"

    talk.fills("緑")
    assert talk.said == [("下のボタンから選んでください。", True)]
    assert (talk.run().status, talk.run().is_page_only) == ("going", True)
    talk.happens(Said("はい"))
    assert talk.run("g").end == "done"
    assert talk.said == []  # it stands on the page, so it is not asked again
    talk.happens(Tapped(button))
    assert talk.said == [("大きさは?", False)]
    assert not talk.run().is_page_only


def test_a_page_is_answered_while_a_person_has_the_talk_and_lives_on_when_they_are_done() -> None:
    talk = Talk(HEAD + COLOUR + SIZE + END)
    talk.happens(Said("始め"))
    talk.happens(Taken())
    assert talk.run().status == "parked"

    talk.people = "taken"
    talk.fills("赤")
    assert talk.said == [("大きさは?", True)]
    talk.people = "free"
    talk.happens(Released("resolved"))
    assert talk.said == []
    assert talk.run().is_page_only
    talk.fills("大")
    assert talk.run().end == "done"


def test_a_time_out_leads_a_page_on_in_the_talk() -> None:
    talk = Talk(HEAD + COLOUR.replace("fin}", "size}") + SIZE + END, g=OTHER)
    talk.happens(Said("別"))
    talk.happens(FormOpened("f"))
    assert talk.run().is_page_only
    talk.happens(Said("はい"))

    timer = next(timer for timer in talk.run().timers if timer.name == "timeout")
    talk.happens(Due(talk.run().id, timer.name, timer.entry))

    assert talk.said == [("大きさは?", False)]
    assert not talk.run().is_page_only
