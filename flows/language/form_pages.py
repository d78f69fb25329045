"""A run as its form's page shows it: what was answered so far, and the question that is open.

Pure: what stands on the page follows from the run and from what it said in its latest turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.language.book import Book
from flows.language.conditions import Missing
from flows.language.effects import Bubble, Say
from flows.language.events import FormOpened
from flows.language.forms import is_asked
from flows.language.friend import Friend, runs_of
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask, Step
from flows.language.questions import CHOSEN, MAX_LENGTH, between
from flows.language.routing import take
from flows.language.run import Run
from flows.language.templates import parse_template, render, show
from flows.language.turning import Walk
from flows.language.words import Context, Value

ON_BUTTONS = frozenset({"choice", "multi", "yesno"})
SENT_IN_TALK = frozenset({"image", "location"})
STATUS_WORDS = {"skipped": "スキップ", "no_reply": "未回答", "gave_up": "未回答"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was reached, and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The question that waits. options: its labels. problem: why the last answer was none.

    takes: how it is answered beside its options. low, high: the bounds of a date or time.
    cancel: the word that ends the flow. typed: what was no answer, to be put right.
    """

    entry: int
    text: str
    type: str
    takes: Literal["text", "nothing", "talk"]
    options: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    skip: str | None = None
    cancel: str | None = None
    low: str = ""
    high: str = ""
    max_length: int = MAX_LENGTH
    problem: str | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the page shows. number: of the open question among the flow's; most: how many it has.

    state: asking, over (the run has ended), elsewhere (it goes on in the talk alone), gone (there
    is no such form any more), set_aside (its version cannot be read: staff have the talk).
    """

    state: Literal["asking", "over", "elsewhere", "gone", "set_aside"]
    title: str = ""
    answered: tuple[Answered, ...] = ()
    said: tuple[Bubble, ...] = ()
    question: OpenQuestion | None = None
    number: int = 0
    most: int = 0
    end: str | None = None


def page_before(book: Book, runs: Sequence[Run], flow_id: str, context: Context) -> FormPage:
    """The page of a flow that has not begun: as its first turn will be, without doing it."""
    friend = Friend(book, context, list(runs))
    if runs_of(friend, flow_id):
        return FormPage("elsewhere")
    turn = take(book, runs, FormOpened(flow_id), context)
    run = next((run for run in turn.runs if run.flow == flow_id), None)
    if run is None:
        return FormPage("gone")
    says = [effect for effect in turn.effects if isinstance(effect, Say) and effect.is_on_page]
    page = page_of(book, run, [bubble for say in says for bubble in say.bubbles], context)
    if run.status != "ended":
        return page
    return FormPage("asking", page.title, said=page.said, most=page.most)  # only texts: to be read


def page_of(book: Book, run: Run, said: Sequence[Bubble], context: Context) -> FormPage:
    """The page of a run. said: its bubbles in its latest turn."""
    walk = Walk(Friend(book, context, [run]).turning, run)
    if not walk.compiled.flow.is_form:
        return FormPage("elsewhere")
    asks = [step for step in walk.compiled.flow.steps if isinstance(step.body, Ask)]
    title, most = walk.compiled.flow.title.text, len(asks)
    if run.status == "ended":
        return FormPage("over", title, said=tuple(said), most=most, end=run.end)
    if not is_asked(run, run.top.entry):
        return FormPage("elsewhere", title)
    question = _question(walk, said)
    return FormPage(
        "asking",
        title,
        answered=tuple(_answered(walk, asks)),
        said=_before_question(question, said),
        question=question,
        number=[step.name for step in asks].index(run.top.state) + 1,
        most=most,
    )


def _question(walk: Walk, said: Sequence[Bubble]) -> OpenQuestion:
    ask, frame, view, flow = walk.step.body, walk.frame, walk.view(), walk.compiled.flow
    if not isinstance(ask, Ask):
        raise TypeError("a form asks with ask alone")
    low, high = between(view, ask)
    return OpenQuestion(
        entry=frame.entry,
        text=view.show(ask.text.template),
        type=ask.type,
        takes=_takes(ask),
        options=tuple(choice.label.text for choice in yesno_choices(ask)),
        chosen=frame.chosen,
        skip=ask.skip.label.text if ask.skip is not None else None,
        cancel=flow.cancel_words[0].text if flow.cancel_words else None,
        low=low,
        high=high,
        max_length=ask.bounds.max_length or MAX_LENGTH,
        problem=said[-1].text if frame.wrong and said else None,
        typed=walk.run.message or "" if frame.wrong else "",
    )


def _takes(ask: Ask) -> Literal["text", "nothing", "talk"]:
    if ask.other is not None or ask.any_answer is not None:
        return "text"
    if ask.type in SENT_IN_TALK:
        return "talk"
    is_closed = ask.type in ON_BUTTONS or (ask.type == "text" and bool(ask.choices))
    return "nothing" if is_closed else "text"


def _before_question(question: OpenQuestion, said: Sequence[Bubble]) -> tuple[Bubble, ...]:
    """What stands above the question, which the page shows by itself, with what is chosen."""
    if said and (
        question.problem is not None
        or said[-1].text == question.text
        or said[-1].text.startswith(CHOSEN)
    ):
        return tuple(said[:-1])
    return tuple(said)


def _answered(walk: Walk, asks: Sequence[Step]) -> list[Answered]:
    found, view = [], walk.view()
    for step in asks:
        value = walk.frame.answers.get(step.name)
        if value is None or not isinstance(step.body, Ask) or step.name == walk.frame.state:
            continue
        words = _status(value) if isinstance(value, Missing) else _shown(step.body, value)
        if words:
            found.append(Answered(view.show(step.body.text.template), words))
    return found


def _status(missing: Missing) -> str:
    return STATUS_WORDS.get(missing.status, "")


def _shown(ask: Ask, value: Value) -> str:
    """In the words of the buttons; dates and times as people write them."""
    labels = {show(choice.value): choice.label.text for choice in yesno_choices(ask)}
    if isinstance(value, tuple | list):
        return "、".join(labels.get(show(item), show(item)) for item in value)
    if ask.type in SENT_IN_TALK:
        return "トークで送信済み"
    return labels.get(show(value)) or render(_FORMS.get(ask.type, _PLAIN), lambda _path: value)


_PLAIN = parse_template("{{value}}")
_FORMS = {
    "date": parse_template("{{value | date:long}}"),
    "datetime": parse_template("{{value | datetime}}"),
    "time": parse_template("{{value | time}}"),
}
