"""A run that is answered on its form's page: the same questions and checks as in the talk.

A page never interrupts the talk. While another question is open there, or a person has the talk,
the run stands beside: its questions are on the page alone, and the texts of the talk are not its.
"""

from flows.language.answers import answer
from flows.language.events import FormFilled, FormOpened
from flows.language.friend import Friend, begin_run, runs_of
from flows.language.grammar.shapes import Ask
from flows.language.hearing import hear_on_page
from flows.language.questions import by_labels
from flows.language.run import Run


def open_form(friend: Friend, event: FormOpened) -> None:
    """Begin the flow on its page, as by hand: `start`, `repeat` and `only_if` are not looked at."""
    version = friend.book.head(event.flow)
    if version is None or not version.flow.is_form or runs_of(friend, event.flow):
        return
    run = friend.new_run(version)
    friend.runs.append(run)
    friend.turning.on_page = run.id
    begin_run(friend, run)
    _find_place(friend, run)


def fill(friend: Friend, event: FormFilled) -> None:
    """An answer, unless its question is not the open one any more: then nothing changes."""
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is None or not is_asked(run, event.entry):
        return
    run.status, run.by_takeover = "going", False
    friend.turning.on_page = run.id
    walk = friend.walk(run)
    ask = walk.step.body
    if event.labels and isinstance(ask, Ask) and ask.type == "multi":
        run.message = event.text
        friend.do(walk, lambda: answer(walk, by_labels(ask, event.labels)))
    else:
        hear_on_page(friend, run, event.text)
    _find_place(friend, run)


def is_asked(run: Run, entry: int) -> bool:
    """Whether this very question waits, also where the run is parked."""
    is_there = run.status != "ended" and len(run.frames) == 1
    return is_there and run.top.phase == "question" and run.top.entry == entry


def _find_place(friend: Friend, run: Run) -> None:
    """In the talk where that is free; what is said after this is not the page's any more."""
    others = [other for other in friend.runs if other is not run and other.has_question]
    run.is_page_only = bool(others) or friend.turning.people != "free"
    friend.turning.on_page = None
