"""The steps that wait: how each is entered, and woken by its clocks."""

from flows.language.clocks import STAYED, reminds_here, timeout_here
from flows.language.deeds import do_effects, send, status_of_answer
from flows.language.faq_steps import look_up
from flows.language.grammar.parts import Words
from flows.language.grammar.shapes import Ask, Faq, Handoff, Step
from flows.language.persons import enter_handoff
from flows.language.run import END
from flows.language.showing import asked_bubble, show_question
from flows.language.turning import Walk
from flows.language.walk import follow, go
from flows.language.words import Bubble


def enter_wait(walk: Walk, step: Step) -> str | None:
    """Come to rest on a step that waits; a way on when it need not."""
    match step.body:
        case Ask():
            show_question(walk)
            return None
        case Handoff():
            enter_handoff(walk, step.body)
            return None
        case Faq():
            look_up(walk, step.body, "next")
            return None
        case _:
            return ""


def is_due(walk: Walk, timer: str) -> None:
    """A reminder or the time-out of the present entry."""
    timers = {t.name: t.at for t in walk.run.timers}
    walk.run.timers = tuple(t for t in walk.run.timers if t.name != timer)
    if timer.startswith("remind:"):
        ends = [at for name, at in timers.items() if name in {"timeout", "expiry"}]
        if not any(
            timers[timer] < at <= walk.now for at in ends
        ):  # both overdue: only the time-out
            _remind(walk, int(timer.removeprefix("remind:")))
    else:
        _time_out(walk)


def _remind(walk: Walk, number: int) -> None:
    walk.frame.reminded = (*walk.frame.reminded, number)
    _say_to_open_question(walk, reminds_here(walk)[number].say)


def _say_to_open_question(walk: Walk, said: tuple[Words, ...]) -> None:
    """Texts while a question stays open: the last one has what one can tap."""
    view, is_question = walk.view(), walk.frame.phase != "handoff"
    texts = [text for text in (view.show(words.template) for words in said) if text]
    plain = texts[:-1] if is_question else texts
    send(walk, *(Bubble(text) for text in plain))
    if is_question and texts:
        send(walk, asked_bubble(walk, texts[-1]))


def _time_out(walk: Walk) -> None:
    frame, step = walk.frame, walk.step
    timeout = timeout_here(walk)
    if frame.phase != "handoff" and frame.answers.get(step.name) is None:
        status_of_answer(walk, "no_reply")
    walk.end_name = "timed_out"
    if timeout is None:
        go(walk, END)
        return
    if timeout.stays:
        walk.end_name = "done"
        walk.frame.reminded = (*walk.frame.reminded, STAYED)  # once for each entry
        do_effects(walk, timeout.way.effects)
        _say_to_open_question(walk, timeout.way.say)
        return
    if timeout.way.goto is not None:
        walk.end_name = "done"
    follow(walk, "timeout", "", timeout.way)
