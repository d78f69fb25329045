"""Asking a person, and going on once the person is done."""

from datetime import datetime
from typing import Literal

from flows.language.clocks import new_entry
from flows.language.conditions import Missing
from flows.language.deeds import send
from flows.language.effects import AnswerSoFar, AskPerson, Bubble
from flows.language.grammar.shapes import Ask, Handoff
from flows.language.run import RunTimer
from flows.language.templates import show
from flows.language.turning import Walk
from flows.language.walk import follow

TO_STAFF = "担当者におつなぎします。順番にお返事しますので、お待ちください。"


def enter_handoff(walk: Walk, handoff: Handoff) -> None:
    """Say the text, and ask for a person; `when_open` counts from the opening."""
    view = walk.view()
    send(walk, Bubble(view.show(handoff.text.template)))
    note = view.show(handoff.note.template) if handoff.note is not None else ""
    queue = handoff.to.text if handoff.to else walk.turning.book.house.queues.default
    opening = opening_of(walk, queue)
    if opening is None and handoff.when_open and not view.is_open():
        opening = view.calendar.next_open(walk.now)
    ask_person(walk, queue, "step", note=note, notify_at=opening)
    timeout = handoff.timeout
    if timeout is not None:
        at = (opening or walk.now) + timeout.after
        walk.run.timers = (RunTimer("timeout", walk.frame.entry, at),)


def ask_person(
    walk: Walk,
    queue: str,
    reason: Literal["step", "give_up", "faq_unknown"],
    *,
    note: str = "",
    question: str | None = None,
    notify_at: datetime | None = None,
) -> None:
    """Put the talk into a queue, with the answers so far; a queue that is closed, told later."""
    new_entry(walk)
    frame = walk.frame
    frame.phase = "handoff"
    walk.run.timers = ()
    walk.turning.people, walk.turning.asking_run = "asked", walk.run.id
    walk.turning.effects.append(
        AskPerson(
            run_id=walk.run.id,
            flow=frame.flow,
            step=frame.state,
            queue=queue,
            note=note,
            reason=reason,
            answers=answers_so_far(walk),
            open_question=question,
            notify_at=opening_of(walk, queue) or notify_at,
        )
    )


def opening_of(walk: Walk, queue: str) -> datetime | None:
    """When a queue with hours of its own opens again; None when it is open."""
    calendar = walk.turning.book.house.hours_of(queue)
    if calendar is None or calendar.is_open(walk.now):
        return None
    return calendar.next_open(walk.now)


def release(walk: Walk) -> None:
    """The person is done: the run goes on where it asked for one."""
    body, frame = walk.step.body, walk.frame
    if isinstance(body, Handoff) and body.back != "continue":
        walk.end_name = "done"
        if body.back == "restart":
            frame.visits.clear()
        follow(walk, "done", "", None)
    else:
        out = body.done if isinstance(body, Handoff) else None
        follow(walk, "done", frame.after, out)


def answers_so_far(walk: Walk) -> tuple[AnswerSoFar, ...]:
    """What the innermost flow has asked and was answered, in the order of the script."""
    view, found = walk.view(), []
    for step in walk.compiled.flow.steps:
        value = walk.frame.answers.get(step.name)
        if isinstance(step.body, Ask) and value is not None and not isinstance(value, Missing):
            question = view.show(step.body.text.template)
            found.append(AnswerSoFar(step.name, question, show(value)))
    return tuple(found)
