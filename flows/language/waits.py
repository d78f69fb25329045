"""The steps that wait: how each is entered, and woken by its clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flows.language.clocks import (
    STAYED,
    expire_later,
    new_entry,
    reminds_here,
    restart_timers,
    timeout_here,
)
from flows.language.deeds import bubble_of, do_effects, send, status_of_answer
from flows.language.faq_steps import look_up
from flows.language.grammar.parts import Timeout, Words
from flows.language.grammar.shapes import Ask, Faq, Handoff, Step, Wait, WaitFor
from flows.language.moments import in_window, wake_at
from flows.language.persons import enter_handoff
from flows.language.run import END, MATCHED, STOPPED, RunTimer
from flows.language.showing import asked_bubble, show_question
from flows.language.turning import Walk
from flows.language.walk import branch, follow, go


def enter_wait(walk: Walk, step: Step) -> str | None:
    """Come to rest on a step that waits; a way on when it need not."""
    if isinstance(step.body, Ask | Faq | Handoff | Wait | WaitFor):
        walk.came()
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
        case Wait():
            return _enter_wait(walk, step.body)
        case WaitFor():
            new_entry(walk)
            walk.frame.phase, walk.frame.reminded = "wait_for", ()
            restart_timers(walk)
            return None
        case _:
            return ""


def _enter_wait(walk: Walk, wait: Wait) -> str | None:
    """A moment that has passed, or that the card does not have, is not waited for."""
    at = wake_at(walk, wait)
    if at is None or at <= walk.now:
        if wait.late is None:
            return "late"
        return branch(walk, "late", wait.late)
    new_entry(walk)
    walk.frame.phase = "wait"
    walk.run.timers = (RunTimer("wake", walk.frame.entry, in_window(walk, at)),)
    return None


def is_due(walk: Walk, timer: str) -> None:
    """A reminder, the time-out or the end of the wait at the present entry."""
    timers = {t.name: t.at for t in walk.run.timers}
    walk.run.forget_timer(timer)
    if timer in {"wake", MATCHED}:
        follow(walk, timer, "", None)
    elif timer == STOPPED:
        walk.end_name = STOPPED
        go(walk, END)
    elif timer.startswith("remind:"):
        if not _is_overtaken(walk, timers, timer):
            _remind(walk, int(timer.removeprefix("remind:")))
    else:
        _time_out(walk, timeout_here(walk) if timer == "timeout" else None)


def _is_overtaken(walk: Walk, timers: Mapping[str, datetime], timer: str) -> bool:
    """A reminder and a later end, both overdue: only the end is told."""
    ends = [at for name, at in timers.items() if name in {"timeout", "expiry"}]
    return any(timers.get(timer, at) < at <= walk.now for at in ends)


def _remind(walk: Walk, number: int) -> None:
    walk.took("remind", str(number))
    walk.frame.reminded = (*walk.frame.reminded, number)
    _say_here(walk, reminds_here(walk)[number].say)


def _say_here(walk: Walk, said: tuple[Words, ...]) -> None:
    """Texts while the step goes on; of a question the last one has what one can tap."""
    view = walk.view()
    bubbles = [bubble for bubble in (bubble_of(view, words) for words in said) if bubble.text]
    if bubbles and walk.frame.phase in {"question", "unsure"}:
        last = bubbles.pop()
        walk.run.is_page_only = False
        asked = asked_bubble(walk, last.text)
        bubbles.append(replace(asked, is_image=last.is_image, flex=last.flex))
    send(walk, *bubbles)


def _time_out(walk: Walk, timeout: Timeout | None) -> None:
    frame, step = walk.frame, walk.step
    if frame.phase in {"question", "unsure"} and frame.answers.get(step.name) is None:
        status_of_answer(walk, "no_reply")
    walk.end_name = "timed_out"
    if timeout is None:
        walk.took("timeout")
        go(walk, END)
        return
    if timeout.stays:
        walk.took("timeout")
        walk.end_name = "done"
        walk.frame.reminded = (*walk.frame.reminded, STAYED)  # once for each entry
        do_effects(walk, timeout.way.effects)
        _say_here(walk, timeout.way.say)
        if frame.phase != "handoff":
            expire_later(walk)
        return
    if timeout.way.goto is not None:
        walk.end_name = "done"
    follow(walk, "timeout", "", timeout.way)
