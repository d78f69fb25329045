"""Runs that stand on a `wait_for`, and whether a trigger is what has come."""

from collections.abc import Callable

from flows.language.friend import Friend
from flows.language.grammar.parts import Trigger
from flows.language.grammar.shapes import WaitFor
from flows.language.normalise import normalise
from flows.language.parking import interrupt, keeps
from flows.language.run import MATCHED, Run
from flows.language.waits import is_due


def waiting_for(friend: Friend, is_it: Callable[[Trigger], bool]) -> list[Run]:
    """The runs that wait for this, in the order in which they began."""
    return [run for run in friend.runs if _waits(run) and is_it(awaited(friend, run))]


def waiting_for_text(friend: Friend) -> list[Run]:
    """The runs that wait for any text: always, or while their calendar is closed."""
    return [
        run
        for run in waiting_for(friend, lambda trigger: trigger.kind in {"message", "off_hours"})
        if awaited(friend, run).kind == "message" or not friend.walk(run).view().is_open()
    ]


def awaited(friend: Friend, run: Run) -> Trigger:
    """What a run that stands on a `wait_for` waits for."""
    body = friend.walk(run).step.body
    if not isinstance(body, WaitFor):
        raise TypeError("only a wait_for awaits something")
    return body.trigger


def go_on_by(friend: Friend, run: Run, text: str | None, interrupts: Run | None) -> bool:
    """A text or button that a run waits for: it goes on, as if it came between."""
    if interrupts is not None:
        if keeps(friend, interrupts, run.top.flow):
            return False
        interrupt(friend, interrupts)
    walk = friend.walk(run)
    run.message = text if text is not None else run.message
    run.timers = ()
    friend.do(walk, lambda: is_due(walk, MATCHED))
    return True


def is_named(trigger: Trigger, kind: str, text: str | None) -> bool:
    """Whether a trigger is of this kind and names this."""
    return trigger.kind == kind and (text is None or any(t.text == text for t in trigger.texts))


def is_keyword_of(trigger: Trigger, said: str) -> bool:
    """Whether a normalised text is one of a trigger's keywords."""
    return any(is_keyword(trigger, word.text, said) for word in trigger.texts)


def is_keyword(trigger: Trigger, word: str, said: str) -> bool:
    """Whether a normalised text is this keyword, as the trigger wants it."""
    if trigger.kind != "keyword":
        return False
    keyword = normalise(word)
    match trigger.match:
        case "exact":
            return said == keyword
        case "starts":
            return said.startswith(keyword)
        case _:
            return keyword in said


def _waits(run: Run) -> bool:
    is_waiting = run.status == "going" and run.top.phase == "wait_for"
    return is_waiting and not run.held and not run.has_timer(MATCHED)
